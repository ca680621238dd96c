using System.Globalization;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Tokens;

namespace Larkspur.Gateway.People.OpenId.Authorizing;

/// <summary>A request for a code, read once. Its client and address are known to belong together.</summary>
internal sealed record AuthorizeRequest
{
    private const int LongestState = 2000;
    private const int LongestNonce = 500;

    public required OidcClient Client { get; init; }

    public required string RedirectUri { get; init; }

    public string? State { get; init; }

    /// <summary>Those that there are.</summary>
    public string[] Scopes { get; init; } = [];

    public string? Nonce { get; init; }

    public string? Challenge { get; init; }

    /// <summary>No page may be shown.</summary>
    public bool IsSilent { get; init; }

    /// <summary>The person is to prove again who they are.</summary>
    public bool Again { get; init; }

    /// <summary>The person is to be asked for consent, whatever was given before.</summary>
    public bool Asks { get; init; }

    /// <summary>So long ago they may have proved it; null: at any time.</summary>
    public TimeSpan? MaxAge { get; init; }

    public string? UiLocales { get; init; }

    /// <summary>Reads the rest of a request.</summary>
    /// <exception cref="OAuthRefusedException">The client is told what is wrong.</exception>
    public static AuthorizeRequest Read(AuthorizeRequest begun, Parameters sent)
    {
        if (sent.Repeated is not null) throw Bad("A parameter stands there twice.");
        if (sent["request"] is not null) throw new OAuthRefusedException("request_not_supported", "Request objects are not taken.");
        if (sent["request_uri"] is not null) throw new OAuthRefusedException("request_uri_not_supported", "request_uri is not taken.");
        if (sent["registration"] is not null) throw new OAuthRefusedException("registration_not_supported", "registration is not taken.");
        if (sent["response_type"] is not { } type) throw Bad("response_type is missing.");
        if (type != "code") throw new OAuthRefusedException("unsupported_response_type", "There is response_type=code alone.");
        if (sent["response_mode"] is { } mode && mode != "query") throw Bad("There is response_mode=query alone.");
        var scopes = OpenIdScopes.Known(sent["scope"]);
        if (!scopes.Contains(OpenIdScopes.OpenId)) throw new OAuthRefusedException("invalid_scope", "The scope openid is missing.");
        if (sent["nonce"] is { Length: > LongestNonce }) throw Bad($"The nonce has more than {LongestNonce} characters.");
        var prompts = (sent["prompt"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var silent = prompts.Contains("none");
        if (silent && prompts.Length > 1) throw Bad("prompt=none stands beside another prompt.");
        return begun with
        {
            Scopes = scopes, Nonce = sent["nonce"], Challenge = ChallengeOf(begun.Client, sent), IsSilent = silent,
            Again = prompts.Contains("login") || prompts.Contains("select_account"), Asks = prompts.Contains("consent"),
            MaxAge = MaxAgeOf(sent["max_age"]), UiLocales = sent["ui_locales"],
        };
    }

    /// <summary>The state that every answer repeats.</summary>
    /// <exception cref="OAuthRefusedException">It is too long to be repeated.</exception>
    public static string? StateOf(Parameters sent) => sent.IsRepeated("state") ? null
        : sent["state"] is not { } state ? null
        : state.Length <= LongestState ? state : throw Bad($"The state has more than {LongestState} characters.");

    /// <summary>The same request as an address: what does not matter any more is left out.</summary>
    public string Query()
    {
        var parts = new List<string>();
        Add("client_id", Client.Id);
        Add("redirect_uri", RedirectUri);
        Add("response_type", "code");
        Add("scope", OpenIdScopes.Text(Scopes));
        Add("state", State);
        Add("nonce", Nonce);
        Add("code_challenge", Challenge);
        Add("code_challenge_method", Challenge is null ? null : "S256");
        Add("prompt", (Again, Asks) switch { (true, true) => "login consent", (true, _) => "login", (_, true) => "consent", _ => null });
        Add("max_age", MaxAge is { } age ? ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null);
        Add("ui_locales", UiLocales is { Length: <= 40 } ? UiLocales : null);
        return string.Join('&', parts);

        void Add(string name, string? value)
        {
            if (value is not null) parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    private static string? ChallengeOf(OidcClient client, Parameters sent)
    {
        var (challenge, method) = (sent["code_challenge"], sent["code_challenge_method"]);
        if (challenge is null)
        {
            if (method is not null) throw Bad("code_challenge is missing.");
            return client.NeedsPkce ? throw Bad("This client needs a code_challenge (PKCE).") : null;
        }

        if (method != "S256") throw Bad("code_challenge_method must be S256.");
        return TokenText.IsChallenge(challenge) ? challenge : throw Bad("The code_challenge is no S256: 43 characters of base64url.");
    }

    private static TimeSpan? MaxAgeOf(string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : throw Bad("max_age is no number of seconds.");

    private static OAuthRefusedException Bad(string message) => new("invalid_request", message);

    public override string ToString() => Client.Id;
}
