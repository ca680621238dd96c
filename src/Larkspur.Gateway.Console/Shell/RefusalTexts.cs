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
        // The platform's own words, and what to do in the reader's: the message of the exception ends in the English of it.
        if (e is FeishuApiException { Explanation: { } told } known)
        {
            var said = $"{SecretShapes.Hide(known.Msg)} (log id {known.LogId ?? "–"}) ";
            return PlatformRefused(e.Code, LocalText.From(said) + new LocalText(told.Chinese, told.English));
        }

        return PlatformRefused(e.Code, SecretShapes.Hide(e.Message));
    }

    /// <summary>The platform did not answer.</summary>
    public static LocalText Of(PlatformNetworkException e) => e.EffectUnknown
        ? EffectUnknown
        : NothingDone;
}
