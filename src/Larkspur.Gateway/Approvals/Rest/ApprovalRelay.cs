using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>Calls of the platform's approvals that are made at once, for somebody who waits; what the platform answers is handed on in its own words.</summary>
internal sealed class ApprovalRelay(PlatformCalls calls, ApprovalReads reads)
{
    public const int LargestBody = 256 << 10;

    /// <summary>The app that the request names.</summary>
    public FeishuApp App(KeyGrant caller, string? name, string pointer = "?app") => calls.App(caller, name, pointer);

    /// <summary>Makes a call and returns its data.</summary>
    /// <param name="app">Who calls.</param>
    /// <param name="endpoint">What is called.</param>
    /// <param name="body">Its body; null: none.</param>
    /// <param name="fill">Path and query.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<JsonElement> CallAsync(FeishuApp app, FeishuEndpoint endpoint, JsonNode? body, Func<FeishuRequest, FeishuRequest>? fill, CancellationToken cancellation)
    {
        var request = new FeishuRequest(endpoint) { Body = body };
        var data = await app.Client.SendAsync<JsonElement>(fill?.Invoke(request) ?? request, calls.Call(app, endpoint), cancellation);
        return data.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? JsonSerializer.SerializeToElement(new JsonObject()) : data;
    }

    /// <summary>The approval code that the request names, or the one of the instance.</summary>
    /// <exception cref="RequestRefusedException">There is no such instance.</exception>
    public async Task<string> CodeOfAsync(FeishuApp app, string? given, string instance, CancellationToken cancellation)
    {
        if (given is not null) return given;
        calls.Call(app, Larkspur.Feishu.Api.Approval.V4.Endpoints.InstanceGet);
        var seen = await reads.FindAsync(app.Name, instance, cancellation) ?? throw UnknownInstance();
        return seen.ApprovalCode ?? throw RequestRefusedException.Malformed("missing", "/approval_code", "The platform does not say of which definition the instance is: name approval_code.");
    }

    public static RequestRefusedException UnknownInstance() => new(StatusCodes.Status404NotFound, "unknown_instance", null, $"The platform knows no such instance. {KeyGrant.OthersHint}");

    /// <summary>A code or id in a path: neither empty nor something that leads elsewhere. The platform's own codes are one, however somebody writes
    /// them: in capitals.</summary>
    /// <exception cref="RequestRefusedException">It cannot be one.</exception>
    public static string Id(string value, string pointer) => value.Length is > 0 and <= 128 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@') && value.Trim('.').Length > 0
        ? Guid.TryParseExact(value, "D", out _) ? value.ToUpperInvariant() : value : throw RequestRefusedException.Malformed("bad_id", pointer, "An id has up to 128 letters, digits, -, _ and dots.");
}
