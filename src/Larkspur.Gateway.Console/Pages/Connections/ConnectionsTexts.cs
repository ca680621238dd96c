using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Connections;

/// <summary>What the connections page says.</summary>
internal static partial class ConnectionsTexts
{
    public static LocalText Of(string state) => FindState(state) ?? LocalText.From(state);

    public static LocalText Way(string kind) => FindWay(kind) ?? LocalText.From(kind);

    public static string KindOf(string state) => state switch
    {
        "proven" or "connected" => "good",
        "unproven" or "connecting" => "busy",
        "deaf" or "replaced" => "bad",
        _ => "off",
    };
}
