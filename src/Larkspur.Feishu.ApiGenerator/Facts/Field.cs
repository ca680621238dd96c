using System;
using System.Collections.Generic;
using System.Linq;

namespace Larkspur.Feishu.ApiGenerator.Facts;

/// <summary>One field of a request, an answer or an event, as the catalogue has it.</summary>
internal sealed class Field
{
    private Field(JsonValue json)
    {
        Name = json["name"]!.Text;
        Type = json["type"]!.Text;
        Depth = json["arrayDepth"] is { } depth ? int.Parse(depth.Text) : json["array"]?.IsTrue == true ? 1 : 0;
        TypeName = json["typeName"]?.Text;
        ValueType = json["valueType"]?.Text;
        Required = json["required"]?.IsTrue == true;
        Deprecated = json["deprecated"]?.IsTrue == true;
        IsJsonText = json["encoding"]?.Text == "json";
        Default = json["default"]?.Text;
        Pattern = json["pattern"]?.Text;
        Values = Texts(json["enum"]).Concat(Texts(json["enumSdk"])).Distinct().ToArray();
        Scopes = Texts(json["scopes"]).ToArray();
        Length = Range(json["minLength"], json["maxLength"]);
        Items = Range(json["minItems"], json["maxItems"]);
        Bounds = Range(json["min"], json["max"]);
        Fields = ListOf(json["fields"]);
    }

    /// <summary>Wire name.</summary>
    public string Name { get; }

    /// <summary><c>string</c>, <c>int</c>, <c>number</c>, <c>boolean</c>, <c>object</c>, <c>map</c>, <c>file</c> or <c>any</c>.</summary>
    public string Type { get; }

    /// <summary>0: not a list; 2: a list of lists.</summary>
    public int Depth { get; }

    public string? TypeName { get; }

    /// <summary>Value type of a map.</summary>
    public string? ValueType { get; }

    public bool Required { get; }

    public bool Deprecated { get; }

    /// <summary>A string that holds JSON.</summary>
    public bool IsJsonText { get; }

    public string? Default { get; }

    public string? Pattern { get; }

    /// <summary>Documented values, those that only the official SDK has included.</summary>
    public string[] Values { get; }

    public string[] Scopes { get; }

    public string? Length { get; }

    public string? Items { get; }

    public string? Bounds { get; }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Text that must not be shown. Most tokens of this platform are no secrets but ids (page_token, file_token, app_token).</summary>
    public bool IsSecret => Type == "string" && SecretEndings.Any(ending => Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// A string with documented values. Not so one value (it says what the value is, not what it may be), and not so bare numbers (a member
    /// <c>N1</c> would say no more than "1"): those stay strings, their values in the documentation.
    /// </summary>
    public bool IsWireEnum => Type == "string" && Values.Length > 1 && Values.Any(value => value.Any(char.IsLetter));

    private static readonly string[] SecretEndings =
    {
        "secret", "password", "access_token", "refresh_token", "app_ticket", "client_assertion", "code_verifier", "encrypt_key", "encryption_key", "private_key",
        "session_key", "api_key", "verification_token", "callback_token", "callback_key",
    };

    public static IReadOnlyList<Field> ListOf(JsonValue? json) => json is null ? Array.Empty<Field>() : json.Items.Select(item => new Field(item)).ToArray();

    public static IEnumerable<string> Texts(JsonValue? json) => json is null ? Enumerable.Empty<string>() : json.Items.Select(item => item.Text);

    private static string? Range(JsonValue? low, JsonValue? high) => (low?.Text, high?.Text) switch
    {
        (null, null) => null,
        (null, var most) => "at most " + most,
        (var least, null) => "at least " + least,
        var (least, most) => least + " to " + most,
    };
}
