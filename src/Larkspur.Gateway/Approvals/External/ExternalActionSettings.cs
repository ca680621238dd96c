using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Approvals;

/// <summary>What proves that a decision about another system's approval comes from the platform. Without a token none is taken.</summary>
internal sealed class ExternalActionSettings(ISettings settings)
{
    /// <summary>The <c>action_callback_token</c> of the definitions.</summary>
    public const string TokenSetting = "approvals.action_token";

    /// <summary>Their <c>action_callback_key</c>; empty: decisions come in the clear.</summary>
    public const string KeySetting = "approvals.action_key";

    /// <summary>Below <c>/webhook/feishu/{app}</c>.</summary>
    public const string Path = "approval-action";

    private const int Shortest = 16;

    private volatile Known _known = new(null, null, null);

    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        Secret(TokenSetting, ApprovalTexts.TokenThirdPartyApproval,
            ApprovalTexts.ActionCallbackTokenThird),
        Secret(KeySetting, ApprovalTexts.KeyThirdPartyApproval,
            ApprovalTexts.ActionCallbackKeyThirdParty),
    ];

    /// <summary>Token and key of this moment; null: decisions are not taken.</summary>
    public (string Token, string? Key)? Now => settings.Now.Text(TokenSetting) is { } token ? (token, settings.Now.Text(KeySetting)) : null;

    /// <summary>Reads decisions with the settings of this moment; null: none is taken.</summary>
    public ExternalApprovalReceiver? Receiver
    {
        get
        {
            if (Now is not { } now) return null;
            if (_known is { Receiver: { } made } known && (known.Token, known.Key) == now) return made;
            var receiver = new ExternalApprovalReceiver(now.Token, now.Key);
            _known = new Known(now.Token, now.Key, receiver);
            return receiver;
        }
    }

    private static SettingDefinition Secret(string key, LocalText title, LocalText help) => new(key, SettingKind.Secret)
    {
        Longest = 128, Title = title, Help = help,
        Problem = text => text.Length >= Shortest ? null : ApprovalTexts.AtLeastCharacters(Shortest),
    };

    private sealed class Known(string? token, string? key, ExternalApprovalReceiver? receiver)
    {
        public string? Token { get; } = token;

        public string? Key { get; } = key;

        public ExternalApprovalReceiver? Receiver { get; } = receiver;
    }
}
