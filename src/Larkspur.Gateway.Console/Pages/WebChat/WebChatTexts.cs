using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.WebChat;

/// <summary>What the page of the web chat says.</summary>
internal static partial class WebChatTexts
{
    public static string KindOf(string state) => state switch
    {
        "active" => "good",
        "shut_out" => "bad",
        _ => "off",
    };

    public static LocalText OfState(string state) => FindStateName(state) ?? LocalText.From(state);
}
