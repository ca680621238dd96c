using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>What an application asks the sign-in page for.</summary>
/// <param name="WithCorp">Scope <c>corpid</c>: the person also chooses an organisation.</param>
/// <param name="OnlyManaged"><c>org_type=management</c>: only organisations that the person manages.</param>
/// <param name="AsksForOrganisation">Exclusive accounts, and the organisation is not named yet.</param>
internal sealed record AuthorizeRequest(Uri RedirectUri, string State, bool WithCorp, bool OnlyManaged, bool AsksForOrganisation)
{
    private const int LongestState = 1024;

    /// <summary>Reads the page's query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="settings">The organisation and its application.</param>
    /// <param name="rules">Where people may be sent.</param>
    /// <param name="request">What it asks for.</param>
    /// <returns>What is wrong with it, in the page's own words; <see langword="null"/> when nothing is.</returns>
    public static PageProblem? Read(IQueryCollection query, DingTalkSettings settings, SignInRules rules, out AuthorizeRequest request)
    {
        request = new(new Uri("about:blank"), query["state"].ToString(), false, false, false);
        if (query["client_id"] != settings.ClientId) return Wrong("client_id 不是该应用。", "client_id is not the application.");
        if (query["response_type"] != "code") return Wrong("response_type 必须为 code。", "response_type must be code.");
        if (query["scope"].ToString() is not ("openid" or "openid corpid") and var scope)
            return Wrong($"scope 必须为 openid 或 openid corpid，而不是 {scope}。",
                $"scope must be \"openid\" or \"openid corpid\", not \"{scope}\".");
        if (query["prompt"] != "consent") return Wrong("prompt 必须为 consent。", "prompt must be consent.");
        if (query["state"].Count > 1 || request.State.Length > LongestState)
            return Wrong($"state 只能有一个，最多 {LongestState} 个字符。", $"state is one text of {LongestState} characters at most.");
        if (!(Uri.TryCreate(query["redirect_uri"].ToString(), UriKind.Absolute, out var back) && back.Scheme is "http" or "https"))
            return Wrong("redirect_uri 必须是 http 或 https 地址。", "redirect_uri must be an http address.");
        if (!rules.MaySendTo(back))
            return Wrong($"redirect_uri 不在应用登记的回调地址中：{back.Authority}",
                $"redirect_uri is not among the addresses that the application has registered: {back.Authority}");
        if (query["org_type"].ToString() is not ("" or "management"))
            return Wrong("org_type 只能为 management。", "org_type can only be management.");
        var withCorp = query["scope"] == "openid corpid";
        // Where the scope is openid alone, these two mean nothing.
        if (withCorp && query["corpId"].ToString() is { Length: > 0 } corp && corp != settings.CorpId)
            return Wrong("你不在 corpId 指定的组织中。", "You are not in the organisation that corpId names.");
        var exclusive = query["exclusiveLogin"] == "true";
        var organisation = query["exclusiveCorpId"].ToString();
        if (exclusive && organisation.Length > 0 && organisation != settings.CorpId)
            return Wrong("exclusiveCorpId 指定的组织没有专属帐号。", "The organisation that exclusiveCorpId names has no exclusive accounts.");
        request = request with
        {
            RedirectUri = back, WithCorp = withCorp, OnlyManaged = withCorp && query["org_type"] == "management",
            AsksForOrganisation = exclusive && organisation.Length == 0,
        };
        return null;
    }

    private static PageProblem Wrong(string zh, string en) => new(null, zh, en);
}
