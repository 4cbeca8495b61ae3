//! Lists that come in pages, whole.

use datawave_core::{Failure, Reason};
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
    let mut page_token = String::new();
    let mut left = limit.unwrap_or(usize::MAX);
    let mut most = PAGE;
    while left > 0 {
        let page_size = i32::try_from(left).unwrap_or(i32::MAX).min(most);
        let page_of = PageRequest {
            page_size,
            page_token: page_token.clone(),
        };
        let (items, page) = match ask(page_of).await {
            // Items can be large: a page of fewer fits into a message.
            Err(failure) if failure.reason() == Reason::TooLarge && page_size > 1 => {
                most = page_size / 2;
                continue;
            }
            answer => answer?,
        };
        for item in items.into_iter().take(left) {
            left -= 1;
            take(item)?;
        }
        page_token = page.map(|p| p.next_page_token).unwrap_or_default();
        if page_token.is_empty() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of a hundred numbers that answers at most `fits` at a time.
    async fn numbers(fits: i32, limit: Option<usize>) -> Vec<usize> {
        all(limit, async |page: PageRequest| {
            if page.page_size > fits {
                return Err(Failure::new(Reason::TooLarge, "too many"));
            }
            let start: usize = page.page_token.parse().unwrap_or(0);
            let end = (start + page.page_size as usize).min(100);
            let next_page_token = if end < 100 { end.to_string() } else { String::new() };
            Ok(((start..end).collect(), Some(PageResponse { next_page_token })))
        })
        .await
        .expect("the list")
    }

    #[tokio::test]
    async fn a_list_is_whole_whatever_fits_into_a_page() {
        for fits in [1, 7, 64, 500] {
            assert_eq!(
                numbers(fits, None).await,
                (0..100).collect::<Vec<_>>(),
                "{fits} fit"
            );
            assert_eq!(
                numbers(fits, Some(10)).await,
                (0..10).collect::<Vec<_>>(),
                "{fits} fit"
            );
        }
    }
}
