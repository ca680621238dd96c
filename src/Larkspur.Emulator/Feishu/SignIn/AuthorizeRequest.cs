using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Which of the platform's sign-in pages it is.</summary>
internal enum AuthorizeForm
{
    /// <summary><c>authorize</c>; with <c>app_id</c> for <c>client_id</c> as it was before scopes.</summary>
    Present,
    /// <summary><c>index</c>: <c>app_id</c>, <c>redirect_uri</c> and <c>state</c> alone.</summary>
    Index,
    /// <summary>The passport's, which QR codes lead to. It knows of no scopes either.</summary>
    Passport,
}

/// <summary>What an app asks the sign-in page for.</summary>
internal sealed partial record AuthorizeRequest
{
    private const int MostScopes = 50;

    private static readonly string[] Single =
        ["client_id", "app_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method", "prompt",
            "as", "decision", "deny", "tmp_code"];

    public required BotApp App { get; init; }
    public required Uri RedirectUri { get; init; }
    /// <summary>As the app wrote it: so it is repeated when the code is used.</summary>
    public required string RedirectUriAsGiven { get; init; }
    /// <summary><see langword="null"/>: none was given, and none goes back.</summary>
    public string? State { get; init; }
    /// <summary><see langword="null"/>: a form of the address from before scopes.</summary>
    public ImmutableSortedSet<string>? Scopes { get; init; }
    public Pkce? Pkce { get; init; }
    /// <summary><c>prompt=consent</c>: the person is asked, whatever they agreed to before.</summary>
    public bool AsksAgain { get; init; }

    /// <summary>Reads the page's query.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when nothing is.</returns>
    /// <remarks>20027 and 20029 are the platform's; that other mistakes have the codes of the token endpoint is UNVERIFIED.</remarks>
    public static PageProblem? Read(IQueryCollection query, EmulatorState state, AuthorizeForm form, out AuthorizeRequest? request)
    {
        request = null;
        if (Single.FirstOrDefault(name => query[name].Count > 1) is { } twice) return Malformed($"{twice} 重复", $"{twice} is given twice");
        // The earlier form says app_id; it knew of no scopes, and of response_type only later.
        var earlier = form == AuthorizeForm.Index || (form == AuthorizeForm.Present && !query.ContainsKey("client_id"));
        var id = query[earlier ? "app_id" : "client_id"].ToString();
        if (id.Length == 0) return Malformed("缺少 client_id", "client_id is missing");
        if (state.App(id) is not { } app) return new PageProblem(20048, "应用不存在。", "There is no such app.");
        var given = query["redirect_uri"].ToString();
        if (RedirectList.Address(given) is not { } back || !RedirectList.Allows(app.RedirectUris, back))
            return new PageProblem(20029, "redirect_uri 不在应用的重定向 URL 列表中。", "redirect_uri is not in the app's list of redirect URLs.");
        if (app.Online is null) return new PageProblem(20069, "应用未启用。", "The app is not enabled.");
        if (form != AuthorizeForm.Index && query["response_type"].ToString() is not "code" and var type && !(earlier && type.Length == 0))
            return Malformed("response_type 必须为 code", "response_type must be code");
        if (query["prompt"].ToString() is not ("" or "consent")) return Malformed("prompt 只能为 consent", "prompt can only be consent");
        if (ReadPkce(query, out var pkce) is { } badPkce) return badPkce;
        var scopes = query["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToImmutableSortedSet(StringComparer.Ordinal);
        if (scopes.Count > MostScopes) return Malformed($"scope 最多 {MostScopes} 个", $"scope holds {MostScopes} at most");
        if (scopes.FirstOrDefault(s => !ScopeForm().IsMatch(s) || !app.IsGranted(s)) is { } lacking)
            return new PageProblem(20027, $"应用未开通权限：{lacking}", $"The app has not enabled the scope {lacking}.");
        request = new AuthorizeRequest
        {
            App = app, RedirectUri = back, RedirectUriAsGiven = given,
            State = query.ContainsKey("state") ? query["state"].ToString() : null,
            Scopes = form != AuthorizeForm.Present || (earlier && scopes.IsEmpty) ? null : scopes, Pkce = pkce,
            AsksAgain = query["prompt"] == "consent",
        };
        return null;
    }

    private static PageProblem? ReadPkce(IQueryCollection query, out Pkce? pkce)
    {
        pkce = null;
        var challenge = query["code_challenge"].ToString();
        if (challenge.Length == 0) return null;
        if (query["code_challenge_method"].ToString() is not ("" or "plain" or "S256") and var method)
            return Malformed($"不支持的 code_challenge_method：{method}", $"code_challenge_method {method} is not supported");
        if (!Pkce.IsWellFormed(challenge))
            return Malformed("code_challenge 格式错误", "code_challenge is 43 to 128 letters, digits, dots, dashes, underscores and tildes");
        pkce = new Pkce(challenge, query["code_challenge_method"] == "S256");
        return null;
    }

    private static PageProblem Malformed(string zh, string en) => new(20063, $"请求有误：{zh}。", $"The request is malformed: {en}.");

    [GeneratedRegex(@"\A[a-z0-9_]+([:.][A-Za-z0-9_.-]+){0,6}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ScopeForm();
}
