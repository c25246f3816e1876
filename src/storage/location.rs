//! Where a lake or results lie, as somebody typed it. Nothing is connected yet.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use object_store::ObjectStoreScheme;
use url::Url;

use crate::plain;

/// A local folder, or a prefix in an object store by its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A path on this machine.
    Local(PathBuf),
    /// A URL without a slash at its end, of a scheme in `SCHEMES`.
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
            return Err(format!("found {}://, which is no object store that is known here", plain::cut(scheme, 20)));
        }
        let url = Url::parse(typed).map_err(|error| format!("found a {scheme}:// URL that is none: {error}"))?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(format!("found a {scheme}:// URL without a bucket or container"));
        }
        // What stands there in URLs of ADLS is the container.
        let takes_user = matches!(url.scheme(), "abfs" | "abfss");
        if !takes_user && !url.username().is_empty() {
            return Err(format!("found a {scheme}:// URL with something before an @; keys belong in the environment"));
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

impl Location {
    /// Whether `other` is this folder or lies in it, whichever way the two are spelled: relative, through
    /// links and mounts, with `..`, in a store by other schemes.
    pub fn holds(&self, other: &Location) -> bool {
        match (self, other) {
            (Location::Local(own), Location::Local(other)) => {
                let (own, other) = (resolved(own), resolved(other));
                let identity = |path: &Path| fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
                let own_identity = identity(&own);
                let is_own = |path: &Path| own_identity.is_some() && identity(path) == own_identity;
                other.starts_with(&own) || other.ancestors().any(is_own)
            }
            (Location::Remote(own), Location::Remote(other)) => match (bucket(own), bucket(other)) {
                (Some(own), Some(other)) => own.holds(&other),
                _ => own == other,
            },
            _ => false,
        }
    }
}

/// A path without links and `..`; what is not there yet is taken as it is written.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (mut at, mut resolved) = (PathBuf::new(), PathBuf::new());
    for part in path.components() {
        match part {
            // The system goes up from where a link leads to.
            Component::ParentDir => {
                resolved.pop();
            }
            part => resolved.push(part),
        }
        at.clone_from(&resolved);
        if let Ok(real) = at.canonicalize() {
            resolved = real;
        }
    }
    resolved
}

/// A place in a store.
struct Bucket {
    cloud: Cloud,
    name: String,
    /// The account, where the URL names it.
    account: Option<String>,
    parts: Vec<String>,
}

impl Bucket {
    fn holds(&self, other: &Bucket) -> bool {
        let same_account = self.account.is_none() || other.account.is_none() || self.account == other.account;
        self.cloud == other.cloud && self.name == other.name && same_account && other.parts.starts_with(&self.parts)
    }
}

fn bucket(url: &str) -> Option<Bucket> {
    let (cloud, parsed) = (cloud(url)?, Url::parse(url).ok()?);
    let (_, path) = ObjectStoreScheme::parse(&parsed).ok()?;
    let host = parsed.host_str()?.to_string();
    let (name, account) = match parsed.username() {
        "" => (host, None),
        container => (container.to_string(), host.split('.').next().map(str::to_string)),
    };
    Some(Bucket { cloud, name, account, parts: path.parts().map(|part| part.as_ref().to_string()).collect() })
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
        for url in [
            "ftp://h/secret",
            "az://lake/x?sig=secret",
            "s3://key:secret@lake",
            "s3://secret@lake",
            "az://secret@lake/x",
            "gs://secret@lake",
            "file://secret/x",
            "s3:///secret",
        ] {
            let refused = Location::parse(url).unwrap_err();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }

    #[test]
    fn a_folder_holds_what_is_in_it_however_it_is_spelled() {
        let root = tempfile::TempDir::new().unwrap();
        fs::create_dir_all(root.path().join("lake/email")).unwrap();
        std::os::unix::fs::symlink(root.path().join("lake/email"), root.path().join("link")).unwrap();
        let local = |path: &str| Location::Local(root.path().join(path));
        let lake = local("lake");
        for inside in
            ["lake", "lake/", "lake/new/out", "lake/email/../out", "link", "link/new", "link/../x", "./lake/./a"]
        {
            assert!(lake.holds(&local(inside)), "{inside}");
        }
        for outside in ["out", "lakes", "lake/../out", "link/../../out", "lake/new/../../out"] {
            assert!(!lake.holds(&local(outside)), "{outside}");
        }
        let remote = |url: &str| Location::parse(url).unwrap();
        for (own, inside) in [
            ("s3://b/lake", "s3a://b/lake/out"),
            ("s3://b", "s3://b/x"),
            ("az://c/lake", "abfss://c@account.dfs.core.windows.net/lake/out/"),
            ("abfss://c@a.dfs.core.windows.net/x", "abfss://c@a.blob.core.windows.net/x/y"),
        ] {
            assert!(remote(own).holds(&remote(inside)), "{own} {inside}");
        }
        for (own, outside) in [
            ("s3://b/lake", "s3://b/lakes"),
            ("s3://b/lake", "gs://b/lake"),
            ("s3://b/lake", "s3://c/lake"),
            ("abfss://c@a.dfs.core.windows.net/x", "abfss://c@b.dfs.core.windows.net/x"),
        ] {
            assert!(!remote(own).holds(&remote(outside)), "{own} {outside}");
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
