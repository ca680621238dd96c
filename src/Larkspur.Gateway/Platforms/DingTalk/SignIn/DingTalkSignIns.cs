using Larkspur.Gateway.People.SignIn.Methods;

namespace Larkspur.Gateway.Platforms.DingTalk.SignIn;

/// <summary>A method for each connected app of DingTalk.</summary>
internal sealed class DingTalkSignIns(DingTalkApps apps) : ISignInSource
{
    public IReadOnlyList<ISignInMethod> Methods => [.. apps.All.OrderBy(a => a.Name != DingTalkApps.Default)
        .ThenBy(a => a.Name, StringComparer.Ordinal).Select(a => new DingTalkSignInMethod(a))];
}
