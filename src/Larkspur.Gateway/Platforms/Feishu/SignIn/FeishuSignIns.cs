using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.People.SignIn.Methods;

namespace Larkspur.Gateway.Platforms.Feishu.SignIn;

/// <summary>A method for each connected app of Feishu.</summary>
internal sealed class FeishuSignIns(FeishuApps apps, FeishuTenants tenants, FeishuPeople people) : ISignInSource
{
    public IReadOnlyList<ISignInMethod> Methods => [.. apps.All.OrderBy(a => a.Name != FeishuApps.Default)
        .ThenBy(a => a.Name, StringComparer.Ordinal).Select(a => new FeishuSignInMethod(a, tenants, people))];
}
