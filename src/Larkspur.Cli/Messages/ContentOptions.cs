using System.CommandLine;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.Uploads;

namespace Larkspur.Cli.Messages;

/// <summary>What a message says: one of these.</summary>
internal sealed class ContentOptions
{
    private readonly Option<string?> _text = new("--text") { Description = "A text; - reads it from the input. <at user_id=\"ou_…\"></at> calls a person, user_id=\"all\" everybody." };
    private readonly Option<string?> _post = new("--post") { Description = "Rich text: a JSON file like {\"zh_cn\": {\"title\": …, \"content\": [[…]]}}, or -." };
    private readonly Option<string?> _card = new("--card") { Description = "A card: a JSON file, or -." };
    private readonly Option<string?> _template = new("--template") { Description = "A card made of a template, by its id; its variables with --var." };
    private readonly Option<string?> _version = new("--template-version") { Description = "The template's version, like 1.0.2; default: the newest." };
    private readonly Option<string[]> _variables = new("--var") { Description = "A variable of the template: name=text, or name:=JSON.", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> _image = new("--image") { Description = "An image: a file, which is uploaded first, or the key of one that was (img_…)." };
    private readonly Option<string?> _file = new("--file") { Description = "A file, or the key of one (file_…)." };
    private readonly Option<string?> _audio = new("--audio") { Description = "Sound that plays in the chat (opus): a file or a key." };
    private readonly Option<string?> _video = new("--video") { Description = "A video that plays in the chat (mp4): a file or a key." };
    private readonly Option<string?> _cover = new("--cover") { Description = "The video's cover: an image, or its key." };
    private readonly Option<string?> _sticker = new("--sticker") { Description = "The key of a sticker that the bot received." };
    private readonly Option<string?> _shareChat = new("--share-chat") { Description = "The name card of a chat: oc_…" };
    private readonly Option<string?> _sharePerson = new("--share-person") { Description = "The name card of a person: ou_…" };

    private readonly Option<string?> _markdown = new("--markdown")
    {
        Description = "Markdown, for a group robot: a text; - reads it from the input.",
    };

    private readonly Option<string?> _cardMessage = new("--card-message")
    {
        Description = "A card in no platform's words: a JSON file like {\"title\": …, \"markdown\": …}, or -.",
    };

    /// <param name="command">The verb.</param>
    /// <param name="robots">A group robot may say it.</param>
    public void AddTo(Command command, bool robots = false)
    {
        Option[] contents = [_text, _post, _card, _template, _image, _file, _audio, _video, _sticker, _shareChat, _sharePerson];
        if (robots) contents = [.. contents, _markdown, _cardMessage];
        foreach (var option in (Option[])[.. contents, _version, _variables, _cover]) command.Add(option);
        command.Validators.Add(result =>
        {
            if (contents.Count(o => result.GetResult(o) is not null) != 1) result.AddError($"Say one thing: one of {string.Join(", ", contents.Select(o => o.Name))}.");
            if (result.GetResult(_template) is null && (result.GetResult(_variables) is not null || result.GetResult(_version) is not null)) result.AddError("--var and --template-version go with --template.");
            if ((result.GetResult(_cover) is null) != (result.GetResult(_video) is null)) result.AddError("--video and --cover go together.");
            foreach (var token in result.GetResult(_variables)?.Tokens ?? [])
            {
                if (!TemplateVariables.IsOne(token.Value)) result.AddError($"\"{token.Value}\" is no variable. Write it like name=text, or name:=JSON.");
            }
        });
    }

    /// <summary>Reads files, uploads them where the message needs it, and puts what is said into the body.</summary>
    /// <exception cref="CallFailure">A file cannot be read, is not what it must be, or was refused.</exception>
    public async Task AddAsync(JsonObject body, VerbCall call, string? app)
    {
        var parsed = call.Parsed;
        if (parsed.GetValue(_text) is { } text) body["text"] = text == "-" ? await InputFile.TextAsync("-", call.Cancellation) : text;
        else if (parsed.GetValue(_post) is { } post) body["post"] = await InputFile.JsonAsync(post, call.Cancellation);
        // As its text: it is the validator's word what is wrong with one that is not JSON, and what was counted is what is sent.
        else if (parsed.GetValue(_card) is { } card) body["card"] = await InputFile.TextAsync(card, call.Cancellation);
        else if (parsed.GetValue(_template) is { } template) body["template"] = Template(template, parsed);
        else if (parsed.GetValue(_image) is { } image) body["image"] = await KeyAsync(image, UploadKind.Image);
        else if (parsed.GetValue(_file) is { } file) body["file"] = await KeyAsync(file, UploadKind.File);
        else if (parsed.GetValue(_audio) is { } audio) body["audio"] = await KeyAsync(audio, UploadKind.Audio);
        else if (parsed.GetValue(_video) is { } video)
        {
            // Both are judged before either is uploaded.
            var (videoFile, coverFile) = (Open(video, UploadKind.Video), Open(parsed.GetValue(_cover)!, UploadKind.Image));
            body["media"] = new JsonObject { ["file_key"] = await SentAsync(video, videoFile), ["image_key"] = await SentAsync(parsed.GetValue(_cover)!, coverFile) };
        }
        else if (parsed.GetValue(_sticker) is { } sticker) body["sticker"] = sticker;
        else if (parsed.GetValue(_shareChat) is { } chat) body["share_chat"] = chat;
        else if (parsed.GetValue(_sharePerson) is { } person) body["share_user"] = person;
        else if (parsed.GetValue(_markdown) is { } markdown)
            body["markdown"] = markdown == "-" ? await InputFile.TextAsync("-", call.Cancellation) : markdown;
        else if (parsed.GetValue(_cardMessage) is { } message) body["card_message"] = await InputFile.JsonAsync(message, call.Cancellation);

        Task<string> KeyAsync(string value, UploadKind kind) => SentAsync(value, Open(value, kind));

        static UploadFile? Open(string value, UploadKind kind) => UploadFile.IsKey(value, kind) ? null : UploadFile.Open(value, kind);

        async Task<string> SentAsync(string value, UploadFile? file) => file is null ? value : (await file.SendAsync(call.Gateway, app, null, call.Cancellation)).Text(file.Kind == UploadKind.Image ? "image_key" : "file_key");
    }

    private JsonObject Template(string id, ParseResult parsed)
    {
        var template = new JsonObject { ["id"] = id, ["variables"] = TemplateVariables.Read(parsed.GetValue(_variables) ?? []) };
        if (parsed.GetValue(_version) is { } version) template["version"] = version;
        return template;
    }
}
