using Larkspur.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Refusals of the business rooms in both languages: those that people meet in the console. A word that is not here says its English sentence.</summary>
internal static partial class RefusalTexts
{
    public static LocalText Of(RequestRefusedException e) => FindChinese(e.Word) is { } sentence ? new(sentence, e.Message)
        : LocalText.From(e.Message);

    /// <summary>The platform did not do it.</summary>
    public static LocalText Of(PlatformApiException e)
    {
        var said = SecretShapes.Hide(e.Message);
        return PlatformRefused(e.Code, said);
    }

    /// <summary>The platform did not answer.</summary>
    public static LocalText Of(PlatformNetworkException e) => e.EffectUnknown
        ? EffectUnknown
        : NothingDone;
}
