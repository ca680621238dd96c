namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>A message of the bot, as its reader sees it now.</summary>
/// <param name="Text">All that is read, the buttons' labels apart; what a card is made of where it is one.</param>
/// <param name="Buttons">What can be clicked.</param>
internal sealed record Said(string Text, IReadOnlyList<SaidButton> Buttons);

/// <summary>A button.</summary>
/// <param name="Label">What it says.</param>
/// <param name="ClickAsync">Clicks it, and tells what the platform shows then.</param>
internal sealed record SaidButton(string Label, Func<Task<string>> ClickAsync);
