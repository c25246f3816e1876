//! Where a lake or results lie, as somebody typed it. Nothing is connected yet.

use std::fmt;
use std::path::PathBuf;

use url::Url;

/// A local folder, or a prefix in an object store by its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A path on this machine.
    Local(PathBuf),
    /// A URL without a slash at its end, of a scheme in [`SCHEMES`].
    Remote(String),
}

/// URL schemes of object stores, and whose they are.
const SCHEMES: [(&str, Cloud); 7] = [
    ("az", Cloud::Azure),
    ("abfs", Cloud::Azure),
    ("abfss", Cloud::Azure),
    ("azure", Cloud::Azure),
    ("s3", Cloud::Aws),
    ("s3a", Cloud::Aws),
    ("gs", Cloud::Google),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cloud {
    Azure,
    Aws,
    Google,
}

pub(super) fn cloud(url: &str) -> Option<Cloud> {
    let (scheme, _) = url.split_once("://")?;
    SCHEMES.iter().find(|(known, _)| scheme.eq_ignore_ascii_case(known)).map(|(_, cloud)| *cloud)
}

impl Location {
    /// Reads a path or a URL; the reason says what is wrong with it, and repeats of a URL no more than
    /// its scheme, since the rest may carry an access token.
    pub fn parse(typed: &str) -> Result<Location, String> {
        let Some((scheme, rest)) = typed.split_once("://") else {
            return match typed.trim() {
                "" => Err("found an empty path".to_string()),
                _ => Ok(Location::Local(PathBuf::from(typed))),
            };
        };
        if scheme == "file" {
            return match rest.starts_with('/') {
                true => Ok(Location::Local(PathBuf::from(rest))),
                false => Err("found file:// with a host; a local path begins with file:///".to_string()),
            };
        }
        if cloud(typed).is_none() {
            return Err(format!("found {scheme}://, which is no object store that is known here"));
        }
        let url = Url::parse(typed).map_err(|error| format!("found a {scheme}:// URL that is none: {error}"))?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(format!("found a {scheme}:// URL without a bucket or container"));
        }
        if url.query().is_some() || url.fragment().is_some() || url.password().is_some() {
            let message = "with something behind a ?, # or :; keys and tokens belong in the environment";
            return Err(format!("found a {scheme}:// URL {message}"));
        }
        Ok(Location::Remote(typed.trim_end_matches('/').to_string()))
    }

    /// A folder in this one, or wherever `name` says when it is an absolute path or a URL of its own.
    pub fn join(&self, name: &str) -> Result<Location, String> {
        Ok(match (Location::parse(name)?, self) {
            (Location::Local(path), Location::Remote(url)) if path.is_relative() => {
                Location::Remote(format!("{url}/{}", name.trim_matches('/')))
            }
            (Location::Local(path), Location::Local(root)) => Location::Local(root.join(path)),
            (elsewhere, _) => elsewhere,
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Local(path) => write!(f, "{}", path.display()),
            Location::Remote(url) => write!(f, "{url}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_are_told_apart() {
        let local = |path: &str| Ok(Location::Local(PathBuf::from(path)));
        assert_eq!(Location::parse("file:///lake"), local("/lake"));
        assert_eq!(Location::parse("sample_data/lake"), local("sample_data/lake"));
        for url in ["az://lake/x", "abfss://l@a.dfs.core.windows.net/x", "s3://lake", "gs://lake/a/b"] {
            assert_eq!(Location::parse(&format!("{url}/")), Ok(Location::Remote(url.to_string())));
        }
    }

    #[test]
    fn what_is_refused_does_not_repeat_a_token() {
        for url in
            ["ftp://h/secret", "az://lake/x?sig=secret", "s3://key:secret@lake", "file://secret/x", "s3:///secret"]
        {
            let refused = Location::parse(url).unwrap_err();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }

    #[test]
    fn a_system_may_lie_elsewhere() {
        let root = Location::parse("az://lake/a").unwrap();
        let join = |name: &str| root.join(name).unwrap().to_string();
        assert_eq!(join("dataverse"), "az://lake/a/dataverse");
        assert_eq!(join("s3://other/x"), "s3://other/x");
        assert_eq!(join("/mnt/lake"), "/mnt/lake");
        let root = Location::parse("lake").unwrap();
        assert_eq!(root.join("dataverse").unwrap().to_string(), "lake/dataverse");
    }
}
