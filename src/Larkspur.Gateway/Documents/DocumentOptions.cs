using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Documents;

/// <summary>How documents are read and saved. Section <c>Larkspur:Documents</c>.</summary>
public sealed class DocumentOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Documents";

    /// <summary>Longest text that is handed on, in characters; what is longer is cut, and the reading says so. Default 30,000; from 1,000 to 1,000,000.</summary>
    public int MaxCharacters { get; set; } = 30_000;

    /// <summary>Most pages of 500 blocks that are read of one document. Default 10; from 1 to 100.</summary>
    public int MaxPages { get; set; } = 10;

    /// <summary>Members of a group, or of a knowledge space, that are looked through for the person. Default 2,000; from 100 to 20,000. Who is not among them is refused.</summary>
    public int MaxMembers { get; set; } = 2_000;

    /// <summary>Time for reading one document, all calls together. Default 20 s; from 1 s to 2 min.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time for one attempt to save. Default 2 min; from 5 s to 10 min.</summary>
    public TimeSpan SaveTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>What was read for a person is remembered for so long; a right that was taken away works on until then. Default and most 1 min; 0 remembers nothing.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Further hosts whose links are documents, as <c>host</c> or <c>host:port</c>. Those of Feishu and Lark, and of <c>FEISHU_BASE_URL</c>, are known.</summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        const string Section = "Larkspur:Documents:";
        if (MaxCharacters is < 1_000 or > 1_000_000) yield return Section + "MaxCharacters: from 1000 to 1000000";
        if (MaxPages is < 1 or > 100) yield return Section + "MaxPages: from 1 to 100";
        if (MaxMembers is < 100 or > 20_000) yield return Section + "MaxMembers: from 100 to 20000";
        if (ReadTimeout < TimeSpan.FromSeconds(1) || ReadTimeout > TimeSpan.FromMinutes(2)) yield return Section + "ReadTimeout: from 00:00:01 to 00:02:00";
        if (SaveTimeout < TimeSpan.FromSeconds(5) || SaveTimeout > TimeSpan.FromMinutes(10)) yield return Section + "SaveTimeout: from 00:00:05 to 00:10:00";
        if (KeepFor < TimeSpan.Zero || KeepFor > TimeSpan.FromMinutes(1)) yield return Section + "KeepFor: from 00:00:00 to 00:01:00; a right that was taken away must not work on for longer";
        if (Hosts.FirstOrDefault(h => !Uri.TryCreate("https://" + h + "/", UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || uri.UserInfo.Length > 0) is { } wrong)
            yield return $"{Section}Hosts: \"{wrong}\" is not a host like docs.example.com or 127.0.0.1:8081";
    }
}
