//! Runs readers and keeps what they hand over.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use trailscope::base::{Code, Diagnostic};
use trailscope::ingest::{BytesSource, DocumentId, FileReport, Job, Limits, ReadAt, Reader, Sink, Step};
use trailscope::model::attachment::Attachment;

/// All that came out of one dropped file.
#[derive(Default)]
pub struct Output {
    pub documents: BTreeMap<DocumentId, String>,
    /// The fields of documents that are not full records.
    pub partial: BTreeMap<DocumentId, Vec<String>>,
    pub records: Vec<(Job, DocumentId, u64, Vec<u8>)>,
    pub attachments: Vec<Attachment>,
    pub diagnostics: Vec<Diagnostic>,
    pub reports: Vec<FileReport>,
    pub steps: usize,
    job: Option<Job>,
}

impl Sink for Output {
    fn document(&mut self, document: DocumentId, path: &str) {
        assert!(self.documents.insert(document, path.to_owned()).is_none(), "{document:?} came twice");
    }

    fn partial(&mut self, document: DocumentId, fields: &[String]) {
        assert!(self.documents.contains_key(&document));
        self.partial.insert(document, fields.to_vec());
    }

    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]) {
        assert!(self.documents.contains_key(&document));
        self.records.push((self.job.clone().unwrap(), document, offset, json.to_vec()));
    }

    fn attachment(&mut self, attachment: Attachment) {
        self.attachments.push(attachment);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

impl Output {
    pub fn codes(&self) -> Vec<Code> {
        let mut codes: Vec<_> = self.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        codes.sort();
        codes
    }

    /// The records in one spelling, sorted: the same for the same events however packed.
    pub fn events(&self) -> Vec<String> {
        let canonical = |json: &[u8]| serde_json::from_slice::<serde_json::Value>(json).unwrap().to_string();
        let mut events: Vec<_> = self.records.iter().map(|(_, _, _, json)| canonical(json)).collect();
        events.sort_unstable();
        events
    }
}

/// Reads a file and all jobs it splits into.
pub fn read_source(source: &dyn ReadAt, path: &str, limits: &Limits) -> Output {
    let mut output = Output::default();
    let mut jobs = VecDeque::from([Job::whole(path)]);
    while let Some(job) = jobs.pop_front() {
        output.job = Some(job.clone());
        let mut reader = Reader::open(job, limits.clone());
        loop {
            output.steps += 1;
            match reader.step(source, &mut output) {
                Step::More(_) => {}
                Step::Split(parts) => {
                    jobs.extend(parts);
                    break;
                }
                Step::Done(report) => {
                    output.reports.push(report);
                    break;
                }
            }
        }
    }
    output
}

pub fn read_with(bytes: &[u8], limits: &Limits) -> Output {
    read_source(&BytesSource(bytes), "unknown", limits)
}

pub fn read(bytes: &[u8]) -> Output {
    read_with(bytes, &Limits::default())
}

/// Limits under which everything comes in pieces of `size` bytes.
pub fn pieces(size: usize) -> Limits {
    Limits { read: size, chunk: size, one_shot: 0, ..Limits::default() }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip of `files`, deflated or stored.
pub fn zip(files: &[(&str, &[u8])], deflate: bool) -> Vec<u8> {
    let mut output = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut output);
    for (name, bytes) in files {
        if name.ends_with('/') {
            archive.new_dir(name).create().unwrap();
            continue;
        }
        let method = if deflate { rawzip::CompressionMethod::DEFLATE } else { rawzip::CompressionMethod::STORE };
        let (mut entry, config) = archive.new_file(name).compression_method(method).start().unwrap();
        if deflate {
            let encoder = flate2::write::DeflateEncoder::new(&mut entry, Compression::fast());
            let mut writer = config.wrap(encoder);
            writer.write_all(bytes).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            entry.finish(descriptor).unwrap();
        } else {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(bytes).unwrap();
            let (_, descriptor) = writer.finish().unwrap();
            entry.finish(descriptor).unwrap();
        }
    }
    archive.finish().unwrap();
    output
}

/// A ustar archive of `files`.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut output = Vec::new();
    for (name, bytes) in files {
        output.extend(tar_header(name, bytes.len(), b'0'));
        output.extend_from_slice(bytes);
        output.resize(output.len().next_multiple_of(512), 0);
    }
    output.resize(output.len() + 1024, 0);
    output
}

pub fn tar_header(name: &str, size: usize, kind: u8) -> [u8; 512] {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[148..156].copy_from_slice(b"        ");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// The shared test data, or a clear word that the test is skipped.
pub fn data(test: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED {test}: no test data at {}", path.display());
    None
}

/// All files under `directory`, sorted.
pub fn files_under(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
