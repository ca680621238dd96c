using Larkspur.Emulator.DingTalk.Chats;

namespace Larkspur.Emulator.Web.DingTalk;

/// <summary>A message in one line.</summary>
internal static class DingTalkPreview
{
    private const int Longest = 120;

    public static string Of(MessageReading reading, Texts texts)
    {
        if (reading.Message.Recalled) return texts.RecalledLine;
        var said = reading.Title.Length > 0 ? reading.Title : reading.Text;
        var line = reading.Message.Kind switch
        {
            "picture" or "image" or "sampleImageMsg" => texts.Image,
            "audio" or "voice" or "sampleAudio" => texts.Audio,
            "video" or "sampleVideo" => texts.Video,
            "file" or "sampleFile" => texts.File + " " + said,
            "feedCard" => reading.Message.Links is [var first, ..] ? first.Title : "",
            "card" => reading.Card is { IsStreaming: true } ? texts.Generating : said.Length > 0 ? said : texts.Card,
            _ => said,
        };
        line = line.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
