namespace Larkspur.Feishu.Cards;

/// <summary>A card of JSON 1.0 after its conversion.</summary>
/// <param name="Json">The card in JSON 2.0.</param>
/// <param name="Notes">What had no counterpart, or changed on the way; in the order of the card.</param>
public sealed record CardImport(string Json, IReadOnlyList<CardImportNote> Notes);

/// <summary>Something that the conversion could not keep as it was.</summary>
/// <param name="Pointer">Where in the card of JSON 1.0 (RFC 6901).</param>
/// <param name="Message">What became of it.</param>
public sealed record CardImportNote(string Pointer, string Message);
