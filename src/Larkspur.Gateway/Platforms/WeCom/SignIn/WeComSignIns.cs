using Larkspur.Gateway.People.SignIn.Methods;

namespace Larkspur.Gateway.Platforms.WeCom.SignIn;

/// <summary>A method for each connected application of WeCom; a bot alone lets nobody sign in.</summary>
internal sealed class WeComSignIns(WeComApps apps) : ISignInSource
{
    public IReadOnlyList<ISignInMethod> Methods => [.. apps.All.Where(a => a.Client is { Options.AgentId: not null })
        .OrderBy(a => a.Name != WeComApps.Default).ThenBy(a => a.Name, StringComparer.Ordinal)
        .Select(a => new WeComSignInMethod(a, a.Client!))];
}
