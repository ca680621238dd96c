using System.Collections.Immutable;
using Larkspur.Emulator.DingTalk.Auth;

namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>Who may call: the token, the address, the permission.</summary>
internal sealed class DingTalkAccess(AccessTokens tokens, PersonTokens people, EmulatorState state) : IResettableState
{
    /// <summary>Permissions that the application does not have; it has every other one.</summary>
    public ImmutableHashSet<string> Denied { get; set; } = [];

    /// <summary>Addresses of the servers that may call; empty: any. Stream mode and group robots are not held to it.</summary>
    public ImmutableArray<string> AllowedAddresses { get; set; } = [];

    /// <returns>The person behind a person's token.</returns>
    /// <exception cref="DingTalkRefusal">In the words of either generation.</exception>
    public Person? Pass(DingTalkRoute route, HttpContext http)
    {
        if (route.Token == TokenKind.None) return null;
        // Tokens of both generations are taken in both places; that is how the SDKs use them.
        var token = http.Request.Headers[DingTalkRedaction.TokenHeader].ToString() is { Length: > 0 } header ? header : http.Request.Query["access_token"].ToString();
        Person? person = null;
        if (route.Token == TokenKind.Person)
        {
            person = people.Of(token) is { } who ? state.Person(who.UserId) : null;
            if (person is null) throw new DingTalkRefusal(400, "InvalidAuthentication", 40014, "不合法的access_token");
        }
        else
        {
            switch (tokens.Check(token))
            {
                case TokenState.Expired: throw new DingTalkRefusal(400, "InvalidAuthentication", 42001, "access_token超时");
                case TokenState.Unknown: throw new DingTalkRefusal(400, "InvalidAuthentication", 40014, "不合法的access_token");
            }

            if (!AddressRange.AnyHolds(AllowedAddresses, http.Connection.RemoteIpAddress))
            {
                throw new DingTalkRefusal(403, "Forbidden.AccessDenied.IpNotInWhiteList", 60020, "访问ip不在白名单之中");
            }
        }

        if (route.Scope is { } scope && Denied.Contains(scope))
        {
            throw new DingTalkRefusal(403, "Forbidden.AccessDenied.AccessTokenPermissionDenied", 88, $"应用尚未开通所需的权限：[{scope}]") { SubCode = "60011", RequiredScopes = [scope] };
        }

        return person;
    }

    public void Reset() => (Denied, AllowedAddresses) = ([], []);
}
