using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Feishu;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Requests;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Authorizations.Rest;

/// <summary>Calls that a business system names by the catalogue's id.</summary>
internal sealed partial class NamedCalls(PersonCalls person, AuthorizationRequests requests, AuditTrail audit)
{
    /// <exception cref="RequestRefusedException">The endpoint is none, a value is missing, or the person's word is.</exception>
    /// <exception cref="Larkspur.PlatformApiException">The platform refused.</exception>
    public async Task<CallInNameView> CallAsync(KeyGrant caller, FeishuApp app, UserAuthorization by, CallInName sent,
        CancellationToken cancellation)
    {
        var request = RequestOf(sent);
        var trace = new FeishuCallTrace();
        try
        {
            var data = await person.CallAsync(app, by, request.Endpoint, async options =>
            {
                // Whoever acts for somebody leaves a trace, whatever comes of it.
                await audit.AddAsync(caller.Who, "authorization.used", by.Id, new JsonObject { ["endpoint"] = request.Endpoint.Id },
                    cancellation);
                return await app.Client.SendAsync<JsonElement>(request, options with { Trace = trace }, cancellation);
            }, cancellation);
            return new CallInNameView(data, trace.LogId);
        }
        catch (AuthorizationNeededException e)
        {
            var open = e.Scopes.Any(by.Scopes.Contains);
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "authorization_needed", open ? null : "/endpoint", open
                ? by.IsGiven ? "What the person allowed holds no more: ask them again."
                    : requests.LinkOf(by) is { } link && by.State == AuthorizationStates.Waiting
                        ? $"The person has not answered yet. Their link: {link}" : "The person does not allow it."
                : $"This authorization has none of the scopes that open {request.Endpoint.Id}: {string.Join(", ", e.Scopes)}.");
        }
    }

    private static FeishuRequest RequestOf(CallInName sent)
    {
        if (CallableEndpoints.Find(sent.Endpoint) is not { } entry)
        {
            var near = Spelling.Nearest(sent.Endpoint, CallableEndpoints.Ids, 4) is { } meant ? $" Did you mean \"{meant}\"?" : "";
            throw RequestRefusedException.Impossible("unknown_endpoint", "/endpoint",
                $"Nothing that can be called in a person's name has the id \"{JsonFields.Shown(sent.Endpoint)}\".{near}");
        }

        var request = new FeishuRequest(entry.Endpoint) { Body = sent.Body };
        var given = Values(sent.Path, "/path", lists: false).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
        foreach (var name in PathParameter().Matches(entry.Endpoint.Path).Select(m => m.Groups[1].Value))
        {
            if (!given.Remove(name, out var value) || value.Length == 0)
            {
                var near = Spelling.Nearest(name, given.Keys, 3) is { } meant ? $" \"{JsonFields.Shown(meant)}\" is no value of it." : "";
                throw RequestRefusedException.Malformed("missing", $"/path/{name}", $"The path {entry.Endpoint.Path} needs it.{near}");
            }

            // A step of dots would be another path.
            if (value is "." or "..") throw RequestRefusedException.Malformed("bad_value", $"/path/{name}", "It is no id.");
            request.WithPath(name, value);
        }

        if (given.Keys.FirstOrDefault() is { } unknown)
            throw RequestRefusedException.Malformed("unknown_field", $"/path/{unknown}",
                $"The path {entry.Endpoint.Path} has no such value.");
        foreach (var (name, value) in Values(sent.Query, "/query", lists: true)) request.WithQuery(name, value);
        return request;
    }

    private static IEnumerable<(string Name, string Value)> Values(JsonElement? given, string pointer, bool lists)
    {
        if (given is not { ValueKind: not JsonValueKind.Null } values) yield break;
        if (values.ValueKind != JsonValueKind.Object) throw RequestRefusedException.Malformed("wrong_type", pointer, "An object of texts.");
        foreach (var member in values.EnumerateObject())
        {
            var many = lists && member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().ToArray() : [member.Value];
            foreach (var value in many)
            {
                yield return (member.Name, value.ValueKind switch
                {
                    JsonValueKind.String => value.GetString()!,
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                    _ => throw RequestRefusedException.Malformed("wrong_type", $"{pointer}/{member.Name}",
                        "A text, a number or true and false."),
                });
            }
        }
    }

    [GeneratedRegex(@"\{([^}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex PathParameter();
}
