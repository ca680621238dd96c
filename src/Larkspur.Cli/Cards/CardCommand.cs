using System.CommandLine;

namespace Larkspur.Cli.Cards;

/// <summary><c>larkspur card</c>: what can be done with a card's file without anybody being called.</summary>
internal static class CardCommand
{
    public static Command Create() => new("card", "Cards in files: validate, preview. Nobody is called.") { ValidateCommand.Create(), PreviewCommand.Create() };
}
