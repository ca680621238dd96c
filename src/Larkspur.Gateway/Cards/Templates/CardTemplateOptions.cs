namespace Larkspur.Gateway.Cards;

/// <summary>Where local card templates are.</summary>
/// <param name="Folder">Of <c>*.card.json</c>; it need not exist.</param>
internal sealed record CardTemplateOptions(string Folder);
