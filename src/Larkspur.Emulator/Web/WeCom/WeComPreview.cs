using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.Web.WeCom;

/// <summary>A message in one line.</summary>
internal static class WeComPreview
{
    private const int Longest = 120;

    public static string Of(WeComMessage message, Viewer viewer)
    {
        var texts = viewer.Texts;
        if (message.Recalled) return texts.RecalledLine;
        var line = message.Kind switch
        {
            "image" => texts.Image,
            "voice" => texts.Audio,
            "video" => texts.Video,
            "file" => texts.File + " " + message.Text,
            "template_card" => texts.CardTitled(message.Text),
            "stream" => WeComMarkdown.Thought(message.Text) is { Said: { Length: > 0 } said } ? said : texts.Generating,
            "location" => texts.Location + " " + message.Text,
            _ => message.Text,
        };
        line = line.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
