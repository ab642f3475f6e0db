//! Random access to the bytes of a dropped file.

/// Something with a length and bytes at offsets. In the browser a `Blob` read by `FileReaderSync`.
pub trait ReadAt {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `len` bytes at `offset`, fewer at the end. The error is a reason for people.
    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String>;
}

/// Bytes in memory: pasted text, a nested archive, tests.
pub struct BytesSource<B: AsRef<[u8]>>(pub B);

impl<B: AsRef<[u8]>> ReadAt for BytesSource<B> {
    fn len(&self) -> u64 {
        self.0.as_ref().len() as u64
    }

    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String> {
        let bytes = self.0.as_ref();
        let start = usize::try_from(offset).map_or(bytes.len(), |start| start.min(bytes.len()));
        let end = start.saturating_add(len).min(bytes.len());
        Ok(bytes[start..end].to_vec())
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub use file::FileSource;

#[cfg(not(target_arch = "wasm32"))]
mod file {
    use super::ReadAt;
    use std::fs::File;
    use std::io::{self, Read, Seek, SeekFrom};
    use std::path::{Path, PathBuf};

    /// A file on disk. It is opened for each read: an archive has more files than a process may hold open.
    pub struct FileSource {
        path: PathBuf,
        len: u64,
    }

    impl FileSource {
        /// Opens `path` for reading. Errors: a reason for people, also of what is no regular file: a pipe has no length and
        /// can be read only once.
        pub fn open(path: &Path) -> Result<Self, String> {
            let metadata = path.metadata().map_err(|error| error.to_string())?;
            let refused = match (metadata.is_file(), metadata.is_dir()) {
                (true, _) => None,
                (_, true) if path.is_symlink() => Some("links to folders are not followed"),
                (_, true) => Some("the folder cannot be listed"),
                _ => Some("it is not a regular file: save what it holds as one"),
            };
            if let Some(reason) = refused {
                return Err(reason.to_owned());
            }
            let len = File::open(path).and_then(|file| file.metadata()).map_err(|error| error.to_string())?.len();
            Ok(Self { path: path.into(), len })
        }

        fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(offset))?;
            let mut bytes = Vec::with_capacity(len);
            file.take(len as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        }
    }

    impl ReadAt for FileSource {
        fn len(&self) -> u64 {
            self.len
        }

        fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String> {
            let len = len.min(usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX));
            self.read(offset, len).map_err(|error| error.to_string())
        }
    }
}
