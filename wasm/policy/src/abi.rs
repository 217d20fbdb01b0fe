//! The waPC ABI by hand: what the host calls, and what it is called by.

#![allow(unsafe_code, reason = "the ABI hands out and takes addresses")]

// Where the host answers a call: module, addresses and lengths of binding, namespace, operation and payload.
#[link(wasm_import_module = "wapc")]
unsafe extern "C" {
    #[link_name = "__guest_request"]
    fn guest_request(operation: *mut u8, payload: *mut u8);
    #[link_name = "__guest_response"]
    fn guest_response(answer: *const u8, length: usize);
    #[link_name = "__guest_error"]
    fn guest_error(error: *const u8, length: usize);
    #[link_name = "__host_call"]
    fn host_call(
        binding: *const u8,
        binding_length: usize,
        namespace: *const u8,
        namespace_length: usize,
        operation: *const u8,
        operation_length: usize,
        payload: *const u8,
        payload_length: usize,
    ) -> usize;
    #[link_name = "__host_response"]
    fn host_response(answer: *mut u8);
    #[link_name = "__host_response_len"]
    fn host_response_len() -> usize;
    #[link_name = "__host_error"]
    fn host_error(error: *mut u8);
    #[link_name = "__host_error_len"]
    fn host_error_len() -> usize;
}

/// Nothing to do before the first call.
#[unsafe(no_mangle)]
pub extern "C" fn wapc_init() {}

/// Runs an operation whose name and payload have these lengths; 1 where there is an answer, 0 where there is an error.
#[unsafe(no_mangle)]
pub extern "C" fn __guest_call(operation_length: usize, payload_length: usize) -> i32 {
    crate::allocator::start_over();
    let mut operation = vec![0_u8; operation_length];
    let mut payload = vec![0_u8; payload_length];
    // SAFETY: the host writes as many bytes as it said, and both buffers are that long.
    unsafe { guest_request(operation.as_mut_ptr(), payload.as_mut_ptr()) };
    let answer = match str::from_utf8(&operation) {
        Ok(operation) => crate::call(operation, &payload, &mut ask_host),
        Err(_) => Err("the name of the operation is no UTF-8".to_owned()),
    };
    match answer {
        Ok(answer) => {
            // SAFETY: the host reads the answer before it returns.
            unsafe { guest_response(answer.as_ptr(), answer.len()) };
            1
        }
        Err(error) => {
            // SAFETY: the host reads the error before it returns.
            unsafe { guest_error(error.as_ptr(), error.len()) };
            0
        }
    }
}

/// Calls Kubewarden's host for something of Kubernetes.
fn ask_host(operation: &str, payload: &str) -> Result<String, String> {
    const BINDING: &str = "kubewarden";
    const NAMESPACE: &str = "kubernetes";
    // SAFETY: the host reads the four texts before it returns.
    let answered = unsafe {
        host_call(
            BINDING.as_ptr(),
            BINDING.len(),
            NAMESPACE.as_ptr(),
            NAMESPACE.len(),
            operation.as_ptr(),
            operation.len(),
            payload.as_ptr(),
            payload.len(),
        )
    };
    if answered == 1 {
        // SAFETY: the host writes as many bytes as it says.
        let answer = unsafe { answer(host_response_len(), host_response) };
        return String::from_utf8(answer).map_err(|_| "what the host answered is no UTF-8".to_owned());
    }
    // SAFETY: as above.
    let error = unsafe { answer(host_error_len(), host_error) };
    Err(String::from_utf8(error).unwrap_or_else(|_| "the host's error is no UTF-8".to_owned()))
}

/// Lets the host write so many bytes.
///
/// # Safety
/// `write` writes `length` bytes and no more.
unsafe fn answer(length: usize, write: unsafe extern "C" fn(*mut u8)) -> Vec<u8> {
    let mut bytes = vec![0_u8; length];
    // SAFETY: the buffer is as long as the caller says that the host writes.
    unsafe { write(bytes.as_mut_ptr()) };
    bytes
}
