//! A login name that is kept apart from its address.

use url::form_urlencoded::byte_serialize;

/// The address with the login name in it, for engines whose addresses have one; a name given apart wins over one
/// in the address.
pub(crate) fn into_url(url: &str, login: &str) -> String {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    if login.is_empty() || !matches!(scheme.as_str(), "postgres" | "postgresql") {
        return url.to_owned();
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    // In the parameters of a database's address a plus sign is a plus sign.
    let login = byte_serialize(login.as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    format!("{url}{separator}user={login}")
}

#[cfg(test)]
mod tests {
    use datawave_connectors::SourceUrl;

    use super::*;

    #[test]
    fn a_login_of_any_characters_arrives_whole() {
        for login in ["ann", "o'brien", "a b", "a+b", "a&password=x", "ä:@/?#%"] {
            for url in [
                "postgres://db.example/shop",
                "postgres://old@db.example/shop?sslmode=require",
            ] {
                let parsed = SourceUrl::parse(&into_url(url, login)).expect("an address");
                let shown = url::Url::parse(&parsed.without_secret()).expect("a URL");
                let user = shown.username();
                let back: String =
                    url::form_urlencoded::parse(format!("u={}", user.replace('+', "%2B")).as_bytes())
                        .map(|(_, value)| value.into_owned())
                        .collect();
                assert_eq!(back, login, "{url}");
                assert!(!shown.query().unwrap_or_default().contains("password"));
            }
        }
    }

    #[test]
    fn files_have_no_login() {
        assert_eq!(into_url("sqlite:/data/shop.db", "ann"), "sqlite:/data/shop.db");
    }
}
