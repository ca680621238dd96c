using System.Collections.Immutable;

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
    /// <param name="domains">Hosts, with their ports, that the application has registered; none: any.</param>
    /// <param name="request">What it asks for.</param>
    /// <returns>What is wrong with it, in the page's own words; <see langword="null"/> when nothing is.</returns>
    public static string? Read(IQueryCollection query, DingTalkSettings settings, ImmutableArray<string> domains, out AuthorizeRequest request)
    {
        request = new(new Uri("about:blank"), query["state"].ToString(), false, false, false);
        if (query["client_id"] != settings.ClientId) return "client_id is not the application.";
        if (query["response_type"] != "code") return "response_type must be code.";
        if (query["scope"].ToString() is not ("openid" or "openid corpid") and var scope) return $"scope must be \"openid\" or \"openid corpid\", not \"{scope}\".";
        if (query["prompt"] != "consent") return "prompt must be consent.";
        if (query["state"].Count > 1 || request.State.Length > LongestState) return $"state is one text of {LongestState} characters at most.";
        if (!(Uri.TryCreate(query["redirect_uri"].ToString(), UriKind.Absolute, out var back) && back.Scheme is "http" or "https")) return "redirect_uri must be an http address.";
        if (!domains.IsEmpty && !domains.Contains(back.Authority, StringComparer.OrdinalIgnoreCase)) return $"redirect_uri is not among the addresses that the application has registered: {back.Authority}";
        if (query["org_type"].ToString() is not ("" or "management")) return "org_type can only be management.";
        var withCorp = query["scope"] == "openid corpid";
        // Where the scope is openid alone, these two mean nothing.
        if (withCorp && query["corpId"].ToString() is { Length: > 0 } corp && corp != settings.CorpId) return "You are not in the organisation that corpId names.";
        var exclusive = query["exclusiveLogin"] == "true";
        var organisation = query["exclusiveCorpId"].ToString();
        if (exclusive && organisation.Length > 0 && organisation != settings.CorpId) return "The organisation that exclusiveCorpId names has no exclusive accounts.";
        request = request with { RedirectUri = back, WithCorp = withCorp, OnlyManaged = withCorp && query["org_type"] == "management", AsksForOrganisation = exclusive && organisation.Length == 0 };
        return null;
    }
}
