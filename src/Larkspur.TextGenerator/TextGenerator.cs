using System;
using System.IO;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Larkspur.TextGenerator;

/// <summary>
/// Turns each <c>XTexts.json</c> into the class <c>XTexts</c> of its folder's namespace: a member for each text, which the compiler checks
/// like any other.
/// </summary>
/// <remarks>A file's content is the whole of its model: a file that did not change costs nothing, whatever else did.</remarks>
[Generator]
public sealed class TextGenerator : IIncrementalGenerator
{
    private const string Ending = "Texts.json";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var project = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            (Namespace: Of(options, "RootNamespace"), Folder: Of(options, "ProjectDir").Replace('\\', '/')));
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(Ending, StringComparison.Ordinal))
            .Select(static (file, cancel) => (file.Path, Text: file.GetText(cancel)?.ToString() ?? ""))
            .Combine(project);

        context.RegisterSourceOutput(files, static (output, file) =>
        {
            var ((path, text), (root, folder)) = file;
            var place = Path.GetDirectoryName(path)!.Replace('\\', '/') + "/";
            if (folder.Length > 0 && place.StartsWith(folder, StringComparison.Ordinal)) place = place.Substring(folder.Length);
            var scope = (root + "." + place.Trim('/').Replace('/', '.')).Trim('.');
            var name = Path.GetFileNameWithoutExtension(path);

            var read = TextFile.Read(text);
            foreach (var finding in read.Findings) output.ReportDiagnostic(finding.In(path));
            output.AddSource($"{scope}.{name}.g.cs", SourceText.From(ClassWriter.Write(scope, name, read), Encoding.UTF8));
        });
    }

    private static string Of(AnalyzerConfigOptionsProvider options, string property) =>
        options.GlobalOptions.TryGetValue("build_property." + property, out var value) ? value : "";
}
