//! Catalog: assets, columns, attached labels, versions, search. The canonical service.
