using System.CommandLine;

namespace Larkspur.Cli.Cards;

/// <summary><c>larkspur card</c>: what can be done with cards.</summary>
internal static class CardsCommand
{
    public static Command Create() =>
        new("cards", "Cards: validate and preview files, which calls nobody; import, render, and the templates.")
    {
        ValidateCommand.Create(), PreviewCommand.Create(), GatewayCards.Import(), GatewayCards.Render(), GatewayCards.Templates(),
    };
}
