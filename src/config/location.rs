//! Where the lake and the results lie.

use std::path::PathBuf;

/// A local path from what was typed; other storage is refused by name rather than read as a folder.
pub(super) fn local_path(url: &str) -> Result<PathBuf, String> {
    match url.split_once("://") {
        Some(("file", path)) if path.starts_with('/') => Ok(PathBuf::from(path)),
        // Only the scheme is repeated: the rest may carry an access token.
        Some((scheme, _)) => Err(format!("found {scheme}://, and cloud storage comes with a later version")),
        None if url.trim().is_empty() => Err("found an empty path".to_string()),
        None => Ok(PathBuf::from(url)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_are_refused_and_files_are_not() {
        assert_eq!(local_path("file:///lake"), Ok(PathBuf::from("/lake")));
        assert_eq!(local_path("sample_data/lake"), Ok(PathBuf::from("sample_data/lake")));
        for url in ["az://lake/x", "abfss://l@a.dfs.core.windows.net/", "s3://lake", "gs://lake"] {
            assert!(local_path(url).unwrap_err().contains("later version"));
        }
        assert!(local_path("file://host/lake").is_err());
    }
}
