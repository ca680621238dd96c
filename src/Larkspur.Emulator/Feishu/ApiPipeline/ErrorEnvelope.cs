using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>A refusal as the platform words it.</summary>
internal static class ErrorEnvelope
{
    public static ApiAnswer For(ApiRefusedException refusal, string logId, string? endpointId)
    {
        var error = new JsonObject { ["log_id"] = logId };
        if (refusal.FieldViolations is { Count: > 0 } fields) error["field_violations"] = fields.DeepClone();
        if (refusal.PermissionViolations is { Count: > 0 } permissions)
        {
            error["message"] = refusal.Message;
            error["permission_violations"] = permissions.DeepClone();
        }

        if (refusal.Helps is { Count: > 0 } helps) error["helps"] = helps.DeepClone();
        error["troubleshooter"] = "排查建议查看(Troubleshooting suggestions): "
            + $"https://open.feishu.cn/search?from=openapi&log_id={logId}&code={refusal.Code}&method_id={Uri.EscapeDataString(endpointId ?? "")}";
        return new ApiAnswer
        {
            Status = refusal.Status,
            Headers = refusal.Headers,
            Json = new JsonObject { ["code"] = refusal.Code, ["msg"] = refusal.Message, ["error"] = error },
        };
    }
}
