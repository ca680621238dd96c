using System.Text;

namespace Larkspur.DingTalk.SignIn;

/// <summary>What the sign-in page of DingTalk is to ask.</summary>
/// <remarks>Source: 02/0029.</remarks>
public sealed record LoginPage
{
    /// <summary>The person also chooses an organisation (scope <c>openid corpid</c>): <see cref="PersonTokens.CorpId"/> then says which.</summary>
    public bool WithOrganisation { get; init; }

    /// <summary>Offers only organisations that the person manages (<c>org_type=management</c>). Means something with <see cref="WithOrganisation"/> alone.</summary>
    public bool OnlyManaged { get; init; }

    /// <summary>The organisation to choose; the person must be in it. Means something with <see cref="WithOrganisation"/> alone.</summary>
    public string? CorpId { get; init; }

    /// <summary>Signs in with an exclusive account (专属帐号): the page asks for the organisation's code first.</summary>
    public bool ExclusiveLogin { get; init; }

    /// <summary>The organisation of the exclusive account; its page is shown at once. Means something with <see cref="ExclusiveLogin"/> alone.</summary>
    public string? ExclusiveCorpId { get; init; }

    /// <summary>The page shows what is asked for, and the person agrees. The platform names no other value than <c>consent</c>.</summary>
    public string Prompt { get; init; } = "consent";

    internal string Query(string clientId, Uri redirect, string state)
    {
        if (!WithOrganisation && (OnlyManaged || CorpId is not null)) throw new ArgumentException("OnlyManaged and CorpId mean nothing without WithOrganisation.");
        if (!ExclusiveLogin && ExclusiveCorpId is not null) throw new ArgumentException("ExclusiveCorpId means nothing without ExclusiveLogin.");
        ArgumentException.ThrowIfNullOrWhiteSpace(Prompt);
        var query = new StringBuilder();
        Add(query, "redirect_uri", redirect.AbsoluteUri);
        Add(query, "response_type", "code");
        Add(query, "client_id", clientId);
        Add(query, "scope", WithOrganisation ? "openid corpid" : "openid");
        Add(query, "state", state);
        Add(query, "prompt", Prompt);
        if (OnlyManaged) Add(query, "org_type", "management");
        if (CorpId is not null) Add(query, "corpId", CorpId);
        if (ExclusiveLogin) Add(query, "exclusiveLogin", "true");
        if (ExclusiveCorpId is not null) Add(query, "exclusiveCorpId", ExclusiveCorpId);
        return query.ToString();
    }

    private static void Add(StringBuilder query, string name, string value) => query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
}
