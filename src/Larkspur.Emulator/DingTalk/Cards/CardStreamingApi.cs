using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>AI cards are written while one reads: each call is a frame of one variable.</summary>
internal sealed class CardStreamingApi(CardInstances cards) : IDingTalkArea, IResettableState
{
    /// <summary>Nothing is longer, whatever control allows.</summary>
    public const int MostBytes = 64 << 10;

    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Put("/v1.0/card/streaming", Stream) with { Scope = "Card.Streaming.Write" }];

    /// <summary>UTF-8, of the whole text. The documentation advises 3 KB and 1 KB a call; official connectors send more, so the measure is soft unless control sets it.</summary>
    public int ContentLimit { get; set; } = MostBytes;

    public void Reset() => ContentLimit = MostBytes;

    private DingTalkAnswer Stream(DingTalkCall call)
    {
        var (id, guid, key) = (call.Need("outTrackId", "param.outTrackIdEmpty"), call.Need("guid", "param.empty"), call.Need("key", "param.empty"));
        var content = call.Text("content") ?? "";
        var (isFull, isLast, isError) = (call.Flag("isFull"), call.Flag("isFinalize"), call.Flag("isError"));
        // A card that is not there answers so in the field.
        if (cards.Find(id) is not { } card) throw DingTalkRefusal.New("unknownError", "未知错误", StatusCodes.Status500InternalServerError);
        if (cards.HasSeen(id, guid)) return Done();
        if (!isFull && key == CardInstance.AiContentKey && card.TemplateId == CardInstance.AiTemplate) throw DingTalkRefusal.New("param.error", "a Markdown variable wants isFull: true, the whole text each time");
        cards.TryChange(id, present =>
        {
            // The code of a frame behind the last one is UNVERIFIED.
            if (present.Finalized) throw DingTalkRefusal.New("param.error", "the card is finalized");
            var text = isFull ? content : present.Data.GetValueOrDefault(key, "") + content;
            if (Encoding.UTF8.GetByteCount(text) > ContentLimit) throw DingTalkRefusal.New("param.error", "content is too large");
            var stage = isError ? AiCardStage.Failed : isLast ? AiCardStage.Finished : AiCardStage.Inputting;
            // A failing frame without words leaves what was read so far.
            var data = isError && content.Length == 0 ? present.Data : present.Data.SetItem(key, text);
            return present with
            {
                Data = data.ContainsKey(CardInstance.FlowStatusKey) ? data.SetItem(CardInstance.FlowStatusKey, ((int)stage).ToString()) : data,
                StreamedKey = key, Frames = present.Frames + 1, Stage = stage, Finalized = isLast || isError,
            };
        }, out _);
        cards.IsFirst(id, guid);
        return Done();
    }

    private static DingTalkAnswer Done() => new(new JsonObject { ["success"] = true, ["result"] = true });
}
