using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Control;

/// <summary>The inspector's records as JSON, newest first.</summary>
internal static class InspectorView
{
    public static JsonObject Calls(EmulatorState state, int limit) => new()
    {
        ["calls"] = new JsonArray([.. state.Inspector.Calls(limit).Select(c => (JsonNode?)new JsonObject
        {
            ["number"] = c.Number, ["time"] = MessageView.Millis(c.Time), ["platform"] = c.Platform, ["method"] = c.Method,
                ["path"] = c.Path, ["endpoint"] = c.EndpointId,
            ["app_id"] = c.AppId, ["headers"] = Headers(c.Headers), ["request_body"] = c.RequestBody, ["status"] = c.Status, ["code"] = c.Code,
            ["response_body"] = c.ResponseBody, ["log_id"] = c.LogId, ["ms"] = c.Milliseconds, ["verdict"] = c.Verdict,
        })]),
    };

    public static JsonObject Pushes(EmulatorState state, int limit) => new()
    {
        ["pushes"] = new JsonArray([.. state.Inspector.Pushes(limit).Select(p => (JsonNode?)new JsonObject
        {
            ["number"] = p.Number, ["time"] = MessageView.Millis(p.Time), ["platform"] = p.Platform,
            ["app_id"] = p.AppId, ["transport"] = p.Transport, ["url"] = p.Url, ["type"] = p.EventType,
            ["event_id"] = p.EventId, ["attempt"] = p.Attempt, ["headers"] = Headers(p.Headers), ["plain_body"] = p.PlainBody,
            ["encrypted_body"] = p.EncryptedBody, ["status"] = p.Status, ["response_body"] = p.ResponseBody, ["ms"] = p.Milliseconds,
            ["verdict"] = p.Verdict, ["next_attempt"] = p.NextAttempt is { } next ? MessageView.Millis(next) : null,
        })]),
    };

    private static JsonObject Headers(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var shown = new JsonObject();
        foreach (var (name, value) in headers) shown[name] = value;
        return shown;
    }
}
