using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.Web.WeCom;

/// <summary>A message in one line.</summary>
internal static class WeComPreview
{
    private const int Longest = 120;

    public static string Of(WeComMessage message, Viewer viewer)
    {
        var words = viewer.Words;
        if (message.Recalled) return words.RecalledLine;
        var line = message.Kind switch
        {
            "image" => words.Image,
            "voice" => words.Audio,
            "video" => words.Video,
            "file" => words.File + " " + message.Text,
            "template_card" => words.CardTitled(message.Text),
            "stream" => WeComMarkdown.Thought(message.Text) is { Said: { Length: > 0 } said } ? said : words.Generating,
            "location" => words.Location + " " + message.Text,
            _ => message.Text,
        };
        line = line.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
