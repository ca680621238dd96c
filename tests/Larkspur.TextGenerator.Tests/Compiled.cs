using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Larkspur.TextGenerator.Tests;

/// <summary>A project with files of texts, as the compiler builds it.</summary>
internal sealed class Compiled
{
    // What the gateway has; the generator refers to it by name.
    private const string LocalText = """
        namespace Larkspur.Gateway.Common.Localisation
        {
            public sealed record LocalText(string Chinese, string English);
        }
        """;

    private static readonly MetadataReference[] Runtime =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly Assembly? _assembly;

    private Compiled(GeneratorDriver driver, ImmutableArray<Diagnostic> found, Assembly? assembly) =>
        (Driver, Found, _assembly) = (driver, found, assembly);

    public GeneratorDriver Driver { get; }

    /// <summary>What the generator found wrong.</summary>
    public ImmutableArray<Diagnostic> Found { get; }

    public static Compiled With(string json, string path = "/home/us/Bot/Pages/Keys/KeysTexts.json")
    {
        var compilation = CSharpCompilation.Create(
            "Bot", [CSharpSyntaxTree.ParseText(LocalText)], Runtime, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new TextGenerator().AsSourceGenerator()], [new File(path, json)], optionsProvider: new Options(),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var made, out var found);
        if (!found.IsEmpty) return new Compiled(driver, found, null);
        using var image = new MemoryStream();
        var emitted = made.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return new Compiled(driver, found, Assembly.Load(image.ToArray()));
    }

    /// <summary>What a member says, as "Chinese | English"; of a text that has no English, what it says.</summary>
    public string? Said(string member, params object?[] values)
    {
        var type = _assembly!.GetType("Bot.Pages.Keys.KeysTexts", throwOnError: true)!;
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Static;
        var said = type.GetMethod(member, Public) is { } method ? method.Invoke(null, values)
            : type.GetProperty(member, Public) is { } property ? property.GetValue(null) : type.GetField(member, Public)!.GetValue(null);
        return said is null or string ? (string?)said
            : $"{said.GetType().GetProperty("Chinese")!.GetValue(said)} | {said.GetType().GetProperty("English")!.GetValue(said)}";
    }

    /// <summary>A text of the project itself.</summary>
    public object Text(string chinese, string english) =>
        Activator.CreateInstance(_assembly!.GetType("Larkspur.Gateway.Common.Localisation.LocalText", throwOnError: true)!, chinese, english)!;

    /// <summary>The parameters of a member, as they are declared.</summary>
    public IEnumerable<string> ParametersOf(string member) =>
        _assembly!.GetType("Bot.Pages.Keys.KeysTexts")!.GetMethod(member)!.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}");

    internal sealed class File(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class Options : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Project();

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Project : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
            {
                value = key switch { "build_property.RootNamespace" => "Bot", "build_property.ProjectDir" => "/home/us/Bot/", _ => null };
                return value is not null;
            }
        }
    }
}
