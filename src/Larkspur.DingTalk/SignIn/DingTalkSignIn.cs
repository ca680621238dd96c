using Larkspur.DingTalk.Contacts;

namespace Larkspur.DingTalk.SignIn;

/// <summary>Sign-in: the address of the login page, codes, a person's tokens, and the signature of pages inside the client.</summary>
/// <remarks>
/// Not OpenID Connect: there is no id token, no nonce, no PKCE. The state alone binds answer and browser: make it random, keep it in the browser's session, let <see cref="LoginAnswer.Read"/> compare it, use it once.
/// None of these calls counts against the month. Sources: 02/0024, 0029, 0032, 0054, 0064. Thread-safe.
/// </remarks>
public sealed class DingTalkSignIn
{
    private const int LongestState = 512;
    private const int LongestCode = 1024;

    // A code and, for all that is written, a refresh token may be spent by a call whose answer was lost: neither is sent twice.
    private static readonly DingTalkEndpoint Tokens = new() { Id = "oauth2.user_access_token", Method = HttpMethod.Post, Path = "/v1.0/oauth2/userAccessToken", Token = DingTalkTokenKind.None, IsCounted = false };
    private static readonly DingTalkEndpoint Me = new() { Id = "contact.users.me", Method = HttpMethod.Get, Path = "/v1.0/contact/users/me", Token = DingTalkTokenKind.User, IsCounted = false };
    private static readonly DingTalkEndpoint ByCode = new() { Id = "user.getuserinfo", Method = HttpMethod.Post, Path = "/topapi/v2/user/getuserinfo", Form = DingTalkForm.Old, IsCounted = false };

    private readonly DingTalkClient _client;

    internal DingTalkSignIn(DingTalkClient client) => _client = client;

    /// <summary>Where to send a browser to sign in.</summary>
    /// <param name="redirect">Where the person comes back to: an http or https address under one that is registered in the developer console.</param>
    /// <param name="state">1 to 512 printable ASCII characters, unguessable, of this browser's session.</param>
    /// <param name="page">What to ask; null: who it is.</param>
    /// <exception cref="ArgumentException">An address, a state or a combination that the page would not take.</exception>
    public Uri Address(Uri redirect, string state, LoginPage? page = null)
    {
        ArgumentNullException.ThrowIfNull(redirect);
        if (!redirect.IsAbsoluteUri || redirect.Scheme is not ("http" or "https")) throw new ArgumentException("The redirect is no http or https address.", nameof(redirect));
        if (state is not { Length: > 0 and <= LongestState } || state.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new ArgumentException($"A state has 1 to {LongestState} printable characters.", nameof(state));
        return new Uri(DingTalkHosts.Resolve(_client.Options, DingTalkHost.Login) + "/oauth2/auth" + (page ?? new LoginPage()).Query(_client.Options.ClientId, redirect, state));
    }

    /// <summary>Exchanges the code that came back for the person's tokens. It is good for one use, so a lost answer is not followed by another try.</summary>
    /// <exception cref="DingTalkApiException"><c>invalidParameter.authCode.notFound</c> (<see cref="FailureKind.Authentication"/>): wrong, used or too old.</exception>
    /// <exception cref="PlatformNetworkException">No answer: the person has to sign in again.</exception>
    public Task<PersonTokens> ExchangeAsync(string code, CancellationToken cancellationToken = default)
    {
        Check(code, nameof(code));
        return GetTokensAsync(new { clientId = _client.Options.ClientId, clientSecret = _client.Options.ClientSecret, code, grantType = "authorization_code" }, code, cancellationToken);
    }

    /// <summary>Gets new tokens by a refresh token. Keep the refresh token of the answer: whether the old one stays good is not written. While the access token lives, the same one comes back with a longer life.</summary>
    /// <exception cref="DingTalkApiException">The refresh token is wrong or too old (30 days): the person has to sign in again.</exception>
    /// <exception cref="PlatformNetworkException">No answer: try the old refresh token once more, then let the person sign in.</exception>
    public Task<PersonTokens> RefreshAsync(string refreshToken, CancellationToken cancellationToken = default)
    {
        Check(refreshToken, nameof(refreshToken));
        return GetTokensAsync(new { clientId = _client.Options.ClientId, clientSecret = _client.Options.ClientSecret, refreshToken, grantType = "refresh_token" }, refreshToken, cancellationToken);
    }

    /// <summary>Who it is that the token belongs to. Needs <c>Contact.User.Read</c>, and <c>Contact.User.mobile</c> for the number.</summary>
    /// <exception cref="DingTalkUserTokenException">The token was refused: refresh it.</exception>
    /// <exception cref="DingTalkApiException">Refused for another reason.</exception>
    public async Task<SignedInPerson> GetPersonAsync(string userAccessToken, CancellationToken cancellationToken = default)
    {
        Check(userAccessToken, nameof(userAccessToken));
        var person = await _client.SendAsync<SignedInPerson>(new DingTalkRequest(Me), new DingTalkCallOptions { UserAccessToken = userAccessToken }, cancellationToken);
        return person.UnionId.Length > 0 ? person : throw DingTalkErrorReader.WrongShape(Me.Id, "there is no unionId");
    }

    /// <summary>The userid of who signed in, when they are a member of the app's organisation.</summary>
    /// <returns>Null for people outside of it and for external contacts: anybody with a DingTalk account can sign in on the page, so let only members in.</returns>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<string?> FindMemberAsync(string unionId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(unionId);
        try
        {
            Contact found = (await _client.SendAsync<Answer<Contact>>(new DingTalkRequest(DingTalkContacts.ByUnionId) { Body = new { unionid = unionId } }, cancellationToken: cancellationToken)).Result
                ?? throw DingTalkErrorReader.WrongShape(DingTalkContacts.ByUnionId.Id, "there is no result");
            if (string.IsNullOrEmpty(found.Userid)) throw DingTalkErrorReader.WrongShape(DingTalkContacts.ByUnionId.Id, "there is no userid");
            return found.ContactType switch { 0 => found.Userid, { } => null, null => throw DingTalkErrorReader.WrongShape(DingTalkContacts.ByUnionId.Id, "there is no contact_type") };
        }
        catch (DingTalkApiException nobody) when (nobody.ErrorCode == "60121")
        {
            return null;
        }
    }

    /// <summary>Who opened a page inside the DingTalk client, by the code that its script got (<c>requestAuthCode</c>): five minutes, one use. A lost answer is not followed by another try.</summary>
    /// <exception cref="DingTalkApiException"><c>40078</c> (<see cref="FailureKind.Authentication"/>): wrong, used or too old.</exception>
    public async Task<ClientPerson> ExchangeClientCodeAsync(string code, CancellationToken cancellationToken = default)
    {
        Check(code, nameof(code));
        var answer = await _client.SendAsync<Answer<ClientPerson>>(new DingTalkRequest(ByCode) { Body = new { code }, Secrets = [code] }, cancellationToken: cancellationToken);
        return answer.Result is { Userid.Length: > 0 } person ? person : throw DingTalkErrorReader.WrongShape(ByCode.Id, "there is no userid");
    }

    /// <summary>Signs a page inside the client so that its script may call what needs permission (<c>dd.config</c>). The ticket is kept and fetched by one call at a time.</summary>
    /// <param name="page">The page's <c>location.href</c> as the browser has it; what is behind <c>#</c> does not count.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ArgumentException">No http or https address.</exception>
    /// <exception cref="DingTalkApiException">There is no ticket to be had.</exception>
    /// <exception cref="InvalidOperationException"><see cref="DingTalkOptions.AgentId"/> is not set.</exception>
    public async Task<PageSignature> SignPageAsync(Uri page, CancellationToken cancellationToken = default)
    {
        long agent = _client.Options.AgentId ?? throw new InvalidOperationException("DingTalkOptions.AgentId is not set: the agent id from the app's page in the developer console.");
        PageSignature.Check(page);
        return PageSignature.Sign(await _client.JsapiTickets.GetAsync(cancellationToken), agent, page, _client.Clock.GetUtcNow());
    }

    private async Task<PersonTokens> GetTokensAsync(object body, string secret, CancellationToken cancellationToken)
    {
        DateTimeOffset asked = _client.Clock.GetUtcNow();
        var answer = await _client.SendAsync<TokensAnswer>(new DingTalkRequest(Tokens) { Body = body, Secrets = [secret] }, cancellationToken: cancellationToken);
        if (answer is not { AccessToken.Length: > 0, ExpireIn: > 0 and <= 30L * 86_400 }) throw DingTalkErrorReader.WrongShape(Tokens.Id, "there is no token, or no life time");
        return new PersonTokens { AccessToken = answer.AccessToken, RefreshToken = Given(answer.RefreshToken), ExpiresAt = asked.AddSeconds(answer.ExpireIn), CorpId = Given(answer.CorpId) };
    }

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static void Check(string value, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, name);
        if (value.Length > LongestCode) throw new ArgumentException($"It has more than {LongestCode} characters.", name);
    }

    private sealed record TokensAnswer(string? AccessToken, string? RefreshToken, long ExpireIn, string? CorpId)
    {
        public override string ToString() => $"tokens answer, {ExpireIn} s";
    }

    private sealed record Answer<T>(T? Result);

    private sealed record Contact(int? ContactType, string? Userid);
}
