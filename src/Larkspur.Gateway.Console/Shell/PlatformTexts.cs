using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Names of the platforms.</summary>
internal static partial class PlatformTexts
{
    public static LocalText Of(string platform) => platform switch
    {
        PlatformNames.Feishu => Feishu,
        "wecom" => Wecom,
        "dingtalk" => Dingtalk,
        "web" => Web,
        PlatformIdentity.Provisioned => Provisioned,
        PlatformIdentity.IdentityProvider => IdentityProvider,
        _ => LocalText.From(platform),
    };
}
