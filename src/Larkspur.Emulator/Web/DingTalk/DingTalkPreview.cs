using Larkspur.Emulator.DingTalk.Chats;

namespace Larkspur.Emulator.Web.DingTalk;

/// <summary>A message in one line.</summary>
internal static class DingTalkPreview
{
    private const int Longest = 120;

    public static string Of(MessageReading reading, Words words)
    {
        if (reading.Message.Recalled) return words.RecalledLine;
        var said = reading.Title.Length > 0 ? reading.Title : reading.Text;
        var line = reading.Message.Kind switch
        {
            "picture" or "image" or "sampleImageMsg" => words.Image,
            "audio" or "voice" or "sampleAudio" => words.Audio,
            "video" or "sampleVideo" => words.Video,
            "file" or "sampleFile" => words.File + " " + said,
            "feedCard" => reading.Message.Links is [var first, ..] ? first.Title : "",
            "card" => reading.Card is { IsStreaming: true } ? words.Generating : said.Length > 0 ? said : words.Card,
            _ => said,
        };
        line = line.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
