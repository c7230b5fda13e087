"""One file per revision, oldest first; `feeds.store.schema.REVISIONS` lists them."""
