namespace Larkspur.Gateway.Documents;

/// <summary>Languages of code blocks: the platform's numbers, and the words after <c>```</c>.</summary>
internal static class CodeLanguages
{
    private const int Plain = 1;

    /// <summary>The platform's list, from 1.</summary>
    private static readonly string[] Words =
    [
        "", "abap", "ada", "apache", "apex", "assembly", "bash", "csharp", "cpp", "c", "cobol", "css", "coffeescript", "d", "dart", "delphi", "django", "dockerfile", "erlang", "fortran",
        "foxpro", "go", "groovy", "html", "htmlbars", "http", "haskell", "json", "java", "javascript", "julia", "kotlin", "latex", "lisp", "logo", "lua", "matlab", "makefile", "markdown",
        "nginx", "objectivec", "openedge", "php", "perl", "postscript", "powershell", "prolog", "protobuf", "python", "r", "rpg", "ruby", "rust", "sas", "scss", "sql", "scala", "scheme",
        "scratch", "shell", "swift", "thrift", "typescript", "vbscript", "vb", "xml", "yaml", "cmake", "diff", "gherkin", "graphql", "glsl", "properties", "solidity", "toml",
    ];

    private static readonly Dictionary<string, string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["c#"] = "csharp", ["cs"] = "csharp", ["c++"] = "cpp", ["golang"] = "go", ["js"] = "javascript", ["jsx"] = "javascript", ["ts"] = "typescript", ["tsx"] = "typescript", ["py"] = "python",
        ["rb"] = "ruby", ["rs"] = "rust", ["sh"] = "shell", ["zsh"] = "shell", ["console"] = "shell", ["yml"] = "yaml", ["kt"] = "kotlin", ["objc"] = "objectivec", ["ps1"] = "powershell",
        ["proto"] = "protobuf", ["tex"] = "latex", ["md"] = "markdown", ["docker"] = "dockerfile", ["make"] = "makefile", ["asm"] = "assembly", ["patch"] = "diff", ["jsonc"] = "json", ["svg"] = "xml",
    };

    /// <summary>The number for a word; plain text when nobody knows it.</summary>
    public static int Number(string? word)
    {
        var named = word?.Trim() ?? "";
        var at = Array.IndexOf(Words, Others.GetValueOrDefault(named, named).ToLowerInvariant());
        return at > 0 ? at + 1 : Plain;
    }

    /// <summary>The word for a number; empty for plain text and what is not known.</summary>
    public static string Word(int number) => number >= Plain && number <= Words.Length ? Words[number - 1] : "";
}
