using System.Text;

namespace Larkspur.Feishu.SignIn;

/// <summary>What Feishu's sign-in page is to ask.</summary>
/// <remarks>Source: authentication-management/access-token/obtain-oauth-code.</remarks>
public sealed record FeishuLoginPage
{
    /// <summary>The platform's own bound.</summary>
    private const int MostScopes = 50;

    /// <summary>What the person is asked to allow, e.g. <c>docx:document</c>: each must be granted to the app. What was allowed before
    /// stays allowed. Empty: only who it is.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>A refresh token comes with it (scope <c>offline_access</c>): calls in the person's name go on when they are away.</summary>
    public bool Offline { get; init; }

    /// <summary>The person is asked although they have allowed it before, and although they are inside the Feishu client.</summary>
    public bool AsksAgain { get; init; }

    /// <summary>The challenge of the session's <see cref="PkcePair"/>; null: the code is bound to the app's secret alone.</summary>
    public string? Challenge { get; init; }

    internal string Query(string appId, Uri redirect, string state)
    {
        string[] scopes = [.. Scopes.Concat(Offline ? ["offline_access"] : []).Distinct(StringComparer.Ordinal)];
        if (scopes.Length > MostScopes) throw new ArgumentException($"A page asks for {MostScopes} scopes at most.");
        if (Array.Find(scopes, s => s.Length == 0 || s.AsSpan().ContainsAnyExceptInRange('!', '~')) is { } wrong)
            throw new ArgumentException($"\"{wrong}\" is no scope.");
        var query = new StringBuilder();
        Add(query, "client_id", appId);
        Add(query, "response_type", "code");
        Add(query, "redirect_uri", redirect.AbsoluteUri);
        if (scopes.Length > 0) Add(query, "scope", string.Join(' ', scopes));
        Add(query, "state", state);
        if (Challenge is not null)
        {
            Add(query, "code_challenge", Challenge);
            // The platform's default is "plain", which a stranger who sees the address could answer.
            Add(query, "code_challenge_method", "S256");
        }

        if (AsksAgain) Add(query, "prompt", "consent");
        return query.ToString();
    }

    internal static void Add(StringBuilder query, string name, string value) =>
        query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
}
