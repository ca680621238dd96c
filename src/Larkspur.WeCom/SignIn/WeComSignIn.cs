using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.SignIn;

/// <summary>Who signed in. A member has a <see cref="UserId"/>; somebody from outside has an <see cref="OpenId"/> only.</summary>
public sealed record SignedIn
{
    /// <summary>Userid of a member, or null.</summary>
    [JsonPropertyName("userid")]
    public string? UserId { get; init; }

    /// <summary>For the person's details, 30 minutes; only with <see cref="SignInScope.PrivateInfo"/> and in the app's visible range. Secret.</summary>
    public string? UserTicket { get; init; }

    /// <summary>Id of somebody who is no member.</summary>
    [JsonPropertyName("openid")]
    public string? OpenId { get; init; }

    /// <summary>External contact, where the person is one.</summary>
    [JsonPropertyName("external_userid")]
    public string? ExternalUserId { get; init; }

    /// <summary>Without the ticket.</summary>
    public override string ToString() => UserId is not null ? $"member {UserId}" : "no member";
}

/// <summary>What a person allowed the app to see.</summary>
public sealed record SignedInDetail
{
    /// <summary>Userid.</summary>
    [JsonPropertyName("userid")]
    public string UserId { get; init; } = "";

    /// <summary>1 male, 2 female, 0 not told.</summary>
    public string? Gender { get; init; }

    /// <summary>Address of the picture.</summary>
    public string? Avatar { get; init; }

    /// <summary>Mobile number.</summary>
    public string? Mobile { get; init; }

    /// <summary>Mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Company mail address.</summary>
    public string? BizMail { get; init; }
}

/// <summary>What a sign-in asks for.</summary>
public enum SignInScope
{
    /// <summary>Who it is, without asking the person.</summary>
    Base,

    /// <summary>The person's details too, which the person has to grant.</summary>
    PrivateInfo,
}

/// <summary>Sign-in: addresses, codes, and the signature of pages (JS-SDK).</summary>
/// <remarks>Not OpenID Connect: no id token, no nonce, no PKCE. The state alone binds answer and browser: make it random, keep it in the browser's session, compare it, use it once.</remarks>
public sealed class WeComSignIn
{
    private static readonly WeComEndpoint UserInfo = WeComEndpoint.Get("auth.getuserinfo", "/cgi-bin/auth/getuserinfo");
    private static readonly WeComEndpoint UserDetail = WeComEndpoint.Read("auth.getuserdetail", "/cgi-bin/auth/getuserdetail");

    private readonly WeComClient _client;

    internal WeComSignIn(WeComClient client) => _client = client;

    /// <summary>Where to send a person who opens a page inside of the WeCom client.</summary>
    /// <param name="redirect">A page under the app's trusted domain, port included (50001 otherwise).</param>
    /// <param name="state">1 to 128 letters and digits.</param>
    /// <param name="scope">What is asked for.</param>
    public Uri ClientAddress(Uri redirect, string state, SignInScope scope = SignInScope.Base)
    {
        Check(redirect, state);
        string kind = scope == SignInScope.Base ? "snsapi_base" : "snsapi_privateinfo";
        // The fragment is part of it: without it the client does not sign in.
        return new Uri($"{WeComHosts.OAuthOf(_client.Options)}/connect/oauth2/authorize?appid={Escape(_client.Options.CorpId)}&redirect_uri={Escape(redirect.AbsoluteUri)}"
            + $"&response_type=code&scope={kind}&state={state}&agentid={Agent()}#wechat_redirect");
    }

    /// <summary>Where to send a person in a browser: shows a QR code.</summary>
    /// <inheritdoc cref="ClientAddress" path="/param"/>
    public Uri BrowserAddress(Uri redirect, string state, bool english = false)
    {
        Check(redirect, state);
        return new Uri($"{WeComHosts.WebLoginOf(_client.Options)}/wwlogin/sso/login?login_type=CorpApp&appid={Escape(_client.Options.CorpId)}&agentid={Agent()}"
            + $"&redirect_uri={Escape(redirect.AbsoluteUri)}&state={state}&lang={(english ? "en" : "zh")}");
    }

    /// <summary>Exchanges the code that came back. It is good for 5 minutes and one use, so a lost answer is not followed by another try.</summary>
    /// <exception cref="WeComApiException">40029, 42003, 42022: wrong, expired, used.</exception>
    public Task<SignedIn> ExchangeAsync(string code, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        if (code.Length > 512) throw new ArgumentException("A code has at most 512 bytes.", nameof(code));
        return _client.SendAsync<SignedIn>(new WeComRequest(UserInfo with { OnlyReads = false }) { Query = [new("code", code)], Secrets = [code] }, cancellationToken: cancellationToken);
    }

    /// <summary>What the person granted.</summary>
    /// <exception cref="WeComApiException">84014: the ticket has expired.</exception>
    public Task<SignedInDetail> DetailAsync(string userTicket, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userTicket);
        return _client.SendAsync<SignedInDetail>(new WeComRequest(UserDetail) { Body = new { user_ticket = userTicket }, Secrets = [userTicket] }, cancellationToken: cancellationToken);
    }

    /// <summary>The signature of a page that uses the JS-SDK: fixed order, raw values, the address without its fragment.</summary>
    public static string SignPage(string ticket, string nonce, long timestamp, Uri page)
    {
        ArgumentNullException.ThrowIfNull(page);
        string address = page.OriginalString.Split('#')[0];
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={address}")));
    }

    private static void Check(Uri redirect, string state)
    {
        ArgumentNullException.ThrowIfNull(redirect);
        if (!redirect.IsAbsoluteUri || redirect.Scheme is not ("http" or "https")) throw new ArgumentException("The redirect is no http or https address.", nameof(redirect));
        if (state is not { Length: > 0 and <= 128 } || !state.All(char.IsAsciiLetterOrDigit)) throw new ArgumentException("A state has 1 to 128 letters and digits.", nameof(state));
    }

    private int Agent() => _client.Options.AgentId ?? throw new InvalidOperationException("Sign-in needs WeComOptions.AgentId.");

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
