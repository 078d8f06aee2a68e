use lsp_server::{ErrorCode, ResponseError};

/// Why a request has no result.
#[derive(Debug)]
pub struct Failure {
    code: ErrorCode,
    message: String,
}

impl Failure {
    /// The client asked for something that is wrong in itself.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidParams, message)
    }

    /// The request makes sense, but cannot be done; the message is for the user.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::RequestFailed, message)
    }

    /// The client no longer wants the answer.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::RequestCanceled, "cancelled by the client")
    }

    /// A failure with its code.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl From<Failure> for ResponseError {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.code as i32,
            message: failure.message,
            data: None,
        }
    }
}
