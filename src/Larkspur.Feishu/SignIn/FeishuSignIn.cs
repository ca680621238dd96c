using System.Text;

namespace Larkspur.Feishu.SignIn;

/// <summary>Sign-in: the address of the page, codes, a person's tokens, and who they are.</summary>
/// <remarks>
/// OAuth 2.0 with PKCE, not OpenID Connect: there is no id_token, no nonce, no issuer in the answer. State and verifier bind answer and
/// browser: make both random, keep them in the browser's session, use them once, and have one redirect address for each app.
/// Thread-safe.
/// </remarks>
public sealed class FeishuSignIn
{
    private const int LongestState = 512;
    private const int LongestSecret = 4096;
    private const int LongestLife = 400 * 24 * 3600;
    private const string TokenPath = "/open-apis/authen/v2/oauth/token";

    // A code, and a refresh token, may be spent by a call whose answer was lost: neither is sent twice.
    private static readonly FeishuEndpoint Token = new()
    {
        Id = "authen.v2.oauth.token", Method = HttpMethod.Post, Path = TokenPath, Tokens = FeishuTokenKinds.None,
        Answer = FeishuAnswer.Flat, PerSecond = 50, PerMinute = 1000,
    };

    private static readonly FeishuEndpoint Me = new()
    {
        Id = "authen.v1.user_info.get", Method = HttpMethod.Get, Path = "/open-apis/authen/v1/user_info", Tokens = FeishuTokenKinds.User,
        PerSecond = 50, PerMinute = 1000,
    };

    private readonly FeishuClient _client;

    internal FeishuSignIn(FeishuClient client) => _client = client;

    /// <summary>Where to send a browser to sign in, or to allow more.</summary>
    /// <param name="redirect">Where the person comes back to. Its scheme, host, port and path stand in the app's list of redirect
    /// addresses (security settings); its query is nobody's to rely on: carry everything in the state.</param>
    /// <param name="state">1 to 512 printable ASCII characters, unguessable, of this browser's session.</param>
    /// <param name="page">What to ask; null: only who it is.</param>
    /// <exception cref="ArgumentException">An address, a state or a scope that the page would not take.</exception>
    public Uri Address(Uri redirect, string state, FeishuLoginPage? page = null)
    {
        Check(redirect, state);
        return new Uri(FeishuHosts.Resolve(_client.Options, FeishuHost.Accounts) + "/open-apis/authen/v1/authorize"
            + (page ?? new FeishuLoginPage()).Query(_client.Options.AppId, redirect, state));
    }

    /// <summary>The <c>goto</c> of the embedded QR code (<c>QRLogin</c>): where the page goes with <c>&amp;tmp_code=</c> once it was
    /// scanned. The code that comes back is exchanged like the page's.</summary>
    /// <remarks>Take the message only where <c>event.source</c> is the frame and <c>event.origin</c> is <see cref="QrOrigin"/> to the
    /// letter: the vendor's own test also takes <c>https://feishu.cn.evil.example</c>.</remarks>
    /// <inheritdoc cref="Address" path="/param|/exception"/>
    public Uri QrAddress(Uri redirect, string state)
    {
        Check(redirect, state);
        var query = new StringBuilder();
        FeishuLoginPage.Add(query, "client_id", _client.Options.AppId);
        FeishuLoginPage.Add(query, "redirect_uri", redirect.AbsoluteUri);
        FeishuLoginPage.Add(query, "response_type", "code");
        FeishuLoginPage.Add(query, "state", state);
        return new Uri($"{QrOrigin}/suite/passport/oauth/authorize{query}");
    }

    /// <summary>The only origin whose messages come from the QR code's frame.</summary>
    public string QrOrigin => FeishuHosts.Resolve(_client.Options, FeishuHost.Passport);

    /// <summary>Exchanges a code for the person's tokens: the page's, the QR code's, or that of <c>tt.requestAccess</c> inside the client
    /// (which lasts three minutes and has no redirect). It is good for one use, so a lost answer is not followed by another try.</summary>
    /// <param name="code">The code.</param>
    /// <param name="redirect">As it was given to the page; null: the code is not a page's.</param>
    /// <param name="verifier">Of the session's <see cref="PkcePair"/>; null: the page had no challenge.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FeishuSignInException">Refused; <see cref="FeishuSignInException.Problem"/> says what to do.</exception>
    /// <exception cref="PlatformNetworkException">No answer: the person signs in again.</exception>
    public Task<FeishuUserTokens> ExchangeAsync(
        string code, Uri? redirect, string? verifier = null, CancellationToken cancellationToken = default)
    {
        Check(code, nameof(code));
        if (verifier is not null && !PkcePair.IsVerifier(verifier)) throw new ArgumentException("It is no verifier.", nameof(verifier));
        return AskAsync(new TokenWanted("authorization_code", _client.Options)
        {
            Code = code, RedirectUri = redirect?.AbsoluteUri, CodeVerifier = verifier,
        }, cancellationToken);
    }

    /// <summary>Gets new tokens by a refresh token, which is spent by it: keep that of the answer. Let one process do it for a person at a
    /// time (<see cref="FeishuUsers"/> does).</summary>
    /// <param name="refreshToken">The one that came last.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FeishuSignInException"><see cref="FeishuSignInProblem.RefreshGone"/>: the person allows it anew.</exception>
    /// <exception cref="PlatformNetworkException">No answer. The token may be spent: try it once more, then ask the person.</exception>
    public Task<FeishuUserTokens> RefreshAsync(string refreshToken, CancellationToken cancellationToken = default)
    {
        Check(refreshToken, nameof(refreshToken));
        return AskAsync(new TokenWanted("refresh_token", _client.Options) { RefreshToken = refreshToken }, cancellationToken);
    }

    /// <summary>Who it is that a token belongs to.</summary>
    /// <exception cref="FeishuUserTokenException">The token was refused: refresh it.</exception>
    /// <exception cref="FeishuApiException">Refused for another reason; 20021, 20022, 20023: they have left, are frozen, have not
    /// joined.</exception>
    public async Task<FeishuSignedInPerson> GetPersonAsync(string userAccessToken, CancellationToken cancellationToken = default)
    {
        Check(userAccessToken, nameof(userAccessToken));
        var options = new FeishuCallOptions { UserAccessToken = userAccessToken };
        FeishuSignedInPerson person = await _client.SendAsync<FeishuSignedInPerson>(new FeishuRequest(Me), options, cancellationToken);
        return person is { OpenId.Length: > 0, UnionId.Length: > 0, TenantKey.Length: > 0 } ? person
            : throw new FeishuApiException("Feishu told of somebody without open_id, union_id or tenant_key.") { Endpoint = Me.Id };
    }

    private async Task<FeishuUserTokens> AskAsync(TokenWanted wanted, CancellationToken cancellationToken)
    {
        DateTimeOffset asked = _client.Clock.GetUtcNow();
        try
        {
            TokenAnswer answer = await _client.SendAsync<TokenAnswer>(new FeishuRequest(Token) { Body = wanted }, null, cancellationToken);
            return answer is { AccessToken.Length: > 0, ExpiresIn: > 0 and <= LongestLife } ? answer.Tokens(asked)
                : throw new FeishuApiException("Feishu answered a sign-in without a token, or without its life.") { Endpoint = Token.Id };
        }
        catch (FeishuApiException refused) when (refused is not FeishuSignInException && refused.Code != 0 && !refused.IsTransient)
        {
            throw new FeishuSignInException(refused, wanted.RefreshToken is not null);
        }
    }

    private static void Check(Uri redirect, string state)
    {
        ArgumentNullException.ThrowIfNull(redirect);
        if (!redirect.IsAbsoluteUri || redirect.Scheme is not ("http" or "https"))
            throw new ArgumentException("The redirect is no http or https address.", nameof(redirect));
        if (state is not { Length: > 0 and <= LongestState } || state.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException($"A state has 1 to {LongestState} printable characters.", nameof(state));
    }

    private static void Check(string secret, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(secret, name);
        if (secret.Length > LongestSecret) throw new ArgumentException($"It has more than {LongestSecret} characters.", name);
    }

    private sealed record TokenWanted(string GrantType, FeishuOptions App)
    {
        public string ClientId => App.AppId;

        public string ClientSecret => App.AppSecret;

        public string? Code { get; init; }

        public string? RedirectUri { get; init; }

        public string? CodeVerifier { get; init; }

        public string? RefreshToken { get; init; }

        [System.Text.Json.Serialization.JsonIgnore]
        public FeishuOptions App { get; } = App;

        public override string ToString() => GrantType;
    }

    private sealed record TokenAnswer(string? AccessToken, long ExpiresIn, string? RefreshToken, long? RefreshTokenExpiresIn, string? Scope)
    {
        public FeishuUserTokens Tokens(DateTimeOffset asked) => new()
        {
            AccessToken = AccessToken!, ExpiresAt = asked.AddSeconds(ExpiresIn),
            RefreshToken = RefreshToken is { Length: > 0 } ? RefreshToken : null,
            RefreshExpiresAt = RefreshTokenExpiresIn is > 0 and <= LongestLife ? asked.AddSeconds(RefreshTokenExpiresIn.Value) : null,
            Scopes = Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
        };

        public override string ToString() => $"token answer, {ExpiresIn} s";
    }
}
