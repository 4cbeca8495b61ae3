//! Lists that come in pages, whole.

use datawave_core::Failure;
use datawave_proto::datawave::common::v1::{PageRequest, PageResponse};

/// Items of a page as asked for here; the server may give fewer.
const PAGE: i32 = 500;

/// Asks for page after page until there are no more, or `limit` items are there.
pub(crate) async fn all<T>(
    limit: Option<usize>,
    mut ask: impl AsyncFnMut(PageRequest) -> Result<(Vec<T>, Option<PageResponse>), Failure>,
) -> Result<Vec<T>, Failure> {
    let mut items = Vec::new();
    each(limit, &mut ask, |item| {
        items.push(item);
        Ok(())
    })
    .await?;
    Ok(items)
}

/// The same, item by item, for lists that may be long.
pub(crate) async fn each<T>(
    limit: Option<usize>,
    mut ask: impl AsyncFnMut(PageRequest) -> Result<(Vec<T>, Option<PageResponse>), Failure>,
    mut take: impl FnMut(T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut token = String::new();
    let mut left = limit.unwrap_or(usize::MAX);
    while left > 0 {
        let page_size = i32::try_from(left).unwrap_or(i32::MAX).min(PAGE);
        let (items, page) = ask(PageRequest {
            page_size,
            page_token: token,
        })
        .await?;
        for item in items.into_iter().take(left) {
            left -= 1;
            take(item)?;
        }
        token = page.map(|p| p.next_page_token).unwrap_or_default();
        if token.is_empty() {
            break;
        }
    }
    Ok(())
}
