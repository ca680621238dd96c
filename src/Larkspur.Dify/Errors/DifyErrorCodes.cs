namespace Larkspur.Dify;

/// <summary>What Dify's error codes mean for a caller. Source: Dify's guide "errors" and <c>libs/external_api.py</c>.</summary>
internal static class DifyErrorCodes
{
    public static FailureKind KindOf(string code, int status) => code switch
    {
        "too_many_requests" => FailureKind.RateLimited,
        // The plan's quota: waiting does not help.
        "rate_limit_error" or "provider_quota_exceeded" => FailureKind.Quota,
        "unauthorized" => FailureKind.Authentication,
        "forbidden" or "workflow_version_execution_not_allowed" => FailureKind.Permission,
        "not_found" => FailureKind.NotFound,
        "internal_server_error" => FailureKind.Transient,
        "provider_not_initialize" or "model_currently_not_support" or "completion_request_error" or "app_unavailable" or "not_chat_app" or "not_completion_app" or "not_workflow_app"
            or "agent_not_published" or "invalid_param" or "bad_request" or "conversation_completed" or "speech_to_text_disabled" or "provider_not_support_speech_to_text"
            or "no_file_uploaded" or "no_audio_uploaded" or "too_many_files" or "filename_not_exists_error" or "human_input_form_submitted" or "human_input_form_expired"
            or "invalid_form_data" or "file_too_large" or "audio_too_large" or "unsupported_file_type" or "unsupported_audio_type" => FailureKind.Invalid,
        _ => OfStatus(status),
    };

    /// <summary>Only an administrator can mend it: the app, its model, its provider.</summary>
    public static bool IsMisconfigured(string code) => code is "unauthorized" or "forbidden" or "workflow_version_execution_not_allowed" or "provider_not_initialize"
        or "model_currently_not_support" or "completion_request_error" or "app_unavailable" or "not_chat_app" or "not_completion_app" or "not_workflow_app" or "agent_not_published";

    private static FailureKind OfStatus(int status) => status switch
    {
        401 => FailureKind.Authentication,
        403 => FailureKind.Permission,
        404 => FailureKind.NotFound,
        429 => FailureKind.RateLimited,
        >= 500 => FailureKind.Transient,
        >= 400 => FailureKind.Invalid,
        _ => FailureKind.Unknown,
    };
}
