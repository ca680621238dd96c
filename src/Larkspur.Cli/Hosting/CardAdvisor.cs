using Larkspur.Emulator.Web.CardPreview;
using Larkspur.Feishu.Cards;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Cli.Hosting;

/// <summary>The SDK's validator for the emulator's page of cards: one answer there, in <c>larkspur cards validate</c> and over
/// REST.</summary>
/// <remarks>The emulator itself knows nothing of the SDKs, so that each of them shows a misreading of the other; here the two
/// meet.</remarks>
internal sealed class CardAdvisor : ICardAdvisor
{
    /// <summary>Gives it to an emulator that is being built.</summary>
    public static WebApplicationBuilder AddTo(WebApplicationBuilder emulator)
    {
        emulator.Services.AddSingleton<ICardAdvisor, CardAdvisor>();
        return emulator;
    }

    /// <inheritdoc/>
    public IReadOnlyList<CardAdvice> Judge(string card) => [.. CardValidator.Validate(card).Findings.Select(static f =>
        new CardAdvice(f.Rule, f.Severity == CardSeverity.Error, f.Pointer, f.Line, f.Message, f.Fix, f.QuickFix is not null))];

    /// <inheritdoc/>
    public string Mend(string card, int? finding)
    {
        if (finding is not { } index) return CardQuickFix.ApplyAll(card).Json;
        var fix = CardValidator.Validate(card).Findings.ElementAtOrDefault(index)?.QuickFix;
        return fix is null ? card : CardSource.Of(card).With(fix);
    }
}
