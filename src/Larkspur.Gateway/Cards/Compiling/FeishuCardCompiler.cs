using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>Card JSON 2.0. What it cannot hold is shortened step by step until it fits.</summary>
/// <param name="companyZone">For times in the plain text; on the card each reader sees their own.</param>
internal sealed class FeishuCardCompiler(TimeZoneInfo companyZone) : ICardCompiler
{
    public string Platform => PlatformNames.Feishu;

    public CompiledCard Compile(CardMessage message, CardFace face)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(face);
        var text = CardMessageText.Of(message, face, companyZone);
        for (var step = 0; ; step++)
        {
            var drawing = new FeishuCardDrawing(message, face, FeishuCardShape.All[step]);
            try
            {
                var content = drawing.Draw();
                // The builder sees to the form; what it cannot see (links within markdown, how elements stand in each other) the validator does.
                var report = CardValidator.Validate(content, new CardValidationOptions { WillBeUpdated = true });
                if (!report.IsValid) throw new ArgumentException(report.Findings.First(f => f.Severity == CardSeverity.Error).ToString());
                IReadOnlyList<LocalText> notes = step == 0 ? drawing.Notes : [CardTexts.Shortened, .. drawing.Notes];
                return new CompiledCard(content, notes, text);
            }
            catch (ArgumentException) when (step < FeishuCardShape.All.Count - 1)
            {
                // Too large in this shape. What is wrong in another way is so in the last one, too, and told then.
                continue;
            }
        }
    }
}
