using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Auth;

/// <summary>Who calls, and may they: token first, then scopes. (Platform page: api-call-guide, generic error codes.)</summary>
public sealed class AccessCheck(EmulatorState state, TokenStore tokens, EmulatorSettings settings)
{
    private const long BadUserToken = 20005;
    private const long BadAppToken = 20014;
    private const long Resigned = 20021;

    /// <exception cref="ApiRefusedException">99991661, 99991671, 99991663, 99991664, 99991668, 99991677.</exception>
    public Caller Identify(ApiEndpoint endpoint, string? authorization)
    {
        if (string.IsNullOrWhiteSpace(authorization))
        {
            throw new ApiRefusedException(400, 99991661, "Missing access token for authorization. Please make a request with token attached.");
        }

        var token = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..].Trim() : "";
        var looksUser = token.StartsWith("u-", StringComparison.Ordinal) || token.StartsWith("eyJ", StringComparison.Ordinal);
        if (!looksUser && !token.StartsWith("t-", StringComparison.Ordinal) && !token.StartsWith("a-", StringComparison.Ordinal))
        {
            throw new ApiRefusedException(400, 99991671, "Invalid access token for authorization. Please make sure the token must start with t-/u-");
        }

        var issued = tokens.Find(token);
        var expired = issued is not null && state.Clock.GetUtcNow() >= issued.Expires;
        if (issued is null || expired || IsOver(issued, endpoint) || state.App(issued.AppId) is not { } app)
            throw Own(endpoint, looksUser, expired) ?? Invalid(token, looksUser, expired);

        var accepted = endpoint.Tokens == TokenKinds.None ? TokenKinds.Tenant | TokenKinds.User | TokenKinds.App : endpoint.Tokens;
        var usable = issued.Kinds & accepted;
        if (usable == TokenKinds.None) throw NotAccepted(issued.Kinds);

        var kind = usable.HasFlag(TokenKinds.Tenant) ? TokenKinds.Tenant : usable;
        return new Caller(app, kind, issued.UserId, issued.UserScopes);
    }

    /// <exception cref="ApiRefusedException">99991672 (the app lacks the scope), 99991679 (the person did not grant it).</exception>
    public void CheckScopes(ApiEndpoint endpoint, Caller caller, IQueryCollection query)
    {
        var rules = endpoint.ScopeRules.Where(r => r.Token == caller.Kind && !r.Conditional).ToArray();
        if (rules.Length > 0)
        {
            foreach (var rule in rules)
            {
                foreach (var scope in rule.AllOf) Require([scope], caller);
                Require(rule.AnyOf, caller);
            }
        }
        else
        {
            Require(endpoint.Scopes, caller);
        }

        foreach (var field in endpoint.Query)
        {
            if (field.ValueScopes.Count == 0 || query[field.Name] is not [{ } value, ..]) continue;
            if (field.ValueScopes.TryGetValue(value, out var scopes)) Require(scopes, caller);
        }
    }

    /// <summary>It was ended, or whose it is has left. Endpoints that say so themselves are asked all the same.</summary>
    private bool IsOver(IssuedToken issued, ApiEndpoint endpoint)
    {
        if (issued.UserId is not { } userId) return false;
        var left = state.Person(userId) is not { IsResigned: false };
        return left ? !endpoint.Errors.ContainsKey(Resigned) || endpoint.Tokens != TokenKinds.User : issued.Ended;
    }

    /// <summary>What some endpoints say of a token that is none, before the platform's gateway does.</summary>
    private static ApiRefusedException? Own(ApiEndpoint endpoint, bool looksUser, bool expired) =>
        !expired && endpoint.Errors.GetValueOrDefault(looksUser ? BadUserToken : BadAppToken) is { Http: StatusCodes.Status200OK } own
            ? new ApiRefusedException(own.Http, own.Code, own.Message) : null;

    private void Require(string[] anyOf, Caller caller)
    {
        if (anyOf.Length == 0) return;
        if (!anyOf.Any(caller.App.IsGranted)) throw Lacking(anyOf, caller);
        if (caller.Kind == TokenKinds.User && caller.UserScopes is { } granted && !anyOf.Any(granted.Contains))
        {
            throw new ApiRefusedException(400, 99991679, $"Unauthorized. You do not have permission to perform the requested operation on the resource. "
                + $"Please request user re-authorization and try again. required one of these privileges under the user identity: [{string.Join(", ", anyOf)}]")
            {
                PermissionViolations = Violations(anyOf, caller.App, "action_privilege_required"),
            };
        }
    }

    private ApiRefusedException Lacking(string[] anyOf, Caller caller)
    {
        var url = GrantUrl(caller.App, anyOf);
        return new ApiRefusedException(400, 99991672, $"Access denied. One of the following scopes is required: [{string.Join(", ", anyOf)}]. "
            + $"应用尚未开通所需的应用身份权限：[{string.Join(", ", anyOf)}]，点击链接申请并开通任一权限即可：{url}")
        {
            PermissionViolations = Violations(anyOf, caller.App, "action_scope_required"),
            Helps = [new JsonObject { ["url"] = url, ["description"] = "Apply for the scope in the developer console" }],
        };
    }

    private JsonArray Violations(string[] scopes, BotApp app, string type) =>
        [.. scopes.Select(scope => settings.PermissionViolations == PermissionViolationShape.TypeAndSubject
            ? new JsonObject { ["type"] = type, ["subject"] = scope }
            : new JsonObject { ["scope"] = scope, ["url"] = GrantUrl(app, [scope]) })];

    private static string GrantUrl(BotApp app, string[] scopes) =>
        $"https://open.feishu.cn/app/{app.AppId}/auth?q={string.Join(',', scopes)}&op_from=openapi&token_type=tenant";

    private static ApiRefusedException Invalid(string token, bool looksUser, bool expired)
    {
        if (looksUser && expired) return new ApiRefusedException(401, 99991677, "Authentication token expired");
        const string text = "Invalid access token for authorization. Please make a request with token attached.";
        return new ApiRefusedException(400, looksUser ? 99991668 : token.StartsWith("a-", StringComparison.Ordinal) ? 99991664 : 99991663, text);
    }

    private static ApiRefusedException NotAccepted(TokenKinds kinds) => kinds switch
    {
        TokenKinds.User => new ApiRefusedException(400, 99991668, "user access token not support"),
        TokenKinds.App => new ApiRefusedException(400, 99991664, "app access token not support"),
        _ => new ApiRefusedException(400, 99991663, "Invalid access token for authorization. tenant access token not support"),
    };
}
