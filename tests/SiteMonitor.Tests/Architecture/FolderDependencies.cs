using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SiteMonitor.Tests.Architecture;

/// <summary>Finds the dependencies between folders of C# sources and the cycles that they form.</summary>
/// <remarks>
/// Sources are parsed, not compiled: a file depends on another where it names a type (or calls an extension method) that the other declares
/// in a namespace that it can see.
/// </remarks>
internal sealed class FolderDependencies
{
    private readonly SourceFile[] _files;
    private readonly ILookup<string, SourceFile> _types;
    private readonly ILookup<string, SourceFile> _extensions;

    private FolderDependencies(IEnumerable<SourceFile> files)
    {
        _files = [.. files];
        _types = _files.SelectMany(file => file.Types.Select(name => (name, file))).ToLookup(pair => pair.name, pair => pair.file);
        _extensions = _files.SelectMany(file => file.Extensions.Select(name => (name, file))).ToLookup(pair => pair.name, pair => pair.file);
    }

    /// <summary>Parses sources.</summary>
    /// <param name="sources">Path with <c>/</c> → text.</param>
    public static FolderDependencies Parse(IEnumerable<KeyValuePair<string, string>> sources) =>
        new(sources.Select(source => SourceFile.Parse(source.Key, source.Value)));

    /// <summary>Parses every C# file below a folder but build output.</summary>
    public static FolderDependencies ParseFolder(string root) => Parse(
        from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).AsParallel()
        let relative = Path.GetRelativePath(root, path).Replace('\\', '/')
        where !relative.Split('/').Any(part => part is "bin" or "obj")
        select KeyValuePair.Create(relative, File.ReadAllText(path)));

    /// <summary>One line for each group of sibling folders that depend on each other in a circle, with an example of each dependency.</summary>
    public IReadOnlyList<string> FindCycles()
    {
        Dictionary<string, Dictionary<(string From, string To), string>> siblings = [];
        foreach ((SourceFile from, SourceFile to, string name) in FindDependencies())
        {
            int depth = from.Folders.Zip(to.Folders).TakeWhile(pair => pair.First == pair.Second).Count();
            if (from.Folders.Length > depth && to.Folders.Length > depth)
            {
                string parent = depth == 0 ? "." : string.Join('/', from.Folders.Take(depth));
                siblings.TryAdd(parent, []);
                siblings[parent].TryAdd((from.Folders[depth], to.Folders[depth]), $"{from.Path} uses {name}");
            }
        }

        return [.. siblings.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => FindCycles(pair.Key, pair.Value))];
    }

    private IEnumerable<(SourceFile From, SourceFile To, string Name)> FindDependencies() =>
        from file in _files
        from name in file.Names.Select(n => (n, Declared: _types[n])).Concat(file.Calls.Select(n => (n, Declared: _extensions[n])))
        from declared in name.Declared
        where declared != file && file.CanSee(declared.Namespace)
        select (file, declared, name.n);

    private static IEnumerable<string> FindCycles(string parent, Dictionary<(string From, string To), string> edges)
    {
        ILookup<string, string> next = edges.Keys.ToLookup(edge => edge.From, edge => edge.To);
        Dictionary<string, HashSet<string>> reachable = next.ToDictionary(group => group.Key, group => Reach(group.Key, next));
        HashSet<string> reported = [];
        foreach (string folder in reachable.Keys.Order(StringComparer.Ordinal).Where(folder => reachable[folder].Contains(folder)))
        {
            string[] cycle = [.. reachable[folder].Where(other => reachable.GetValueOrDefault(other)?.Contains(folder) == true).Order(StringComparer.Ordinal)];
            if (reported.Add(string.Join(',', cycle)))
            {
                IEnumerable<string> examples = edges
                    .Where(edge => cycle.Contains(edge.Key.From) && cycle.Contains(edge.Key.To))
                    .Select(edge => $"{edge.Key.From} -> {edge.Key.To}: {edge.Value}");
                yield return $"{parent}: {string.Join(", ", cycle)} depend on each other in a circle ({string.Join("; ", examples)})";
            }
        }
    }

    private static HashSet<string> Reach(string start, ILookup<string, string> next)
    {
        HashSet<string> seen = [];
        Stack<string> open = new(next[start]);
        while (open.TryPop(out string? folder))
        {
            if (seen.Add(folder))
            {
                foreach (string other in next[folder])
                {
                    open.Push(other);
                }
            }
        }

        return seen;
    }

    /// <summary>What a source file declares and names.</summary>
    private sealed record SourceFile(string Path, string Namespace, HashSet<string> Usings, HashSet<string> Types, HashSet<string> Extensions, HashSet<string> Names, HashSet<string> Calls)
    {
        public string[] Folders { get; } = Path.Split('/')[..^1];

        public bool CanSee(string declared) => declared == Namespace || Namespace.StartsWith($"{declared}.", StringComparison.Ordinal) || Usings.Contains(declared);

        public static SourceFile Parse(string path, string text)
        {
            SyntaxNode root = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None)).GetRoot();
            SyntaxNode[] nodes = [.. root.DescendantNodes(node => node is not UsingDirectiveSyntax)];
            return new SourceFile(
                path,
                nodes.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? string.Empty,
                [.. nodes.OfType<UsingDirectiveSyntax>().SelectMany(GetVisibleNamespaces)],
                [.. nodes.OfType<BaseTypeDeclarationSyntax>().Where(type => type.Parent is not TypeDeclarationSyntax).Select(type => type.Identifier.Text)],
                [.. nodes.OfType<MethodDeclarationSyntax>().Where(IsExtension).Select(method => method.Identifier.Text)],
                [.. nodes.OfType<SimpleNameSyntax>().Where(IsPossibleType).Select(name => name.Identifier.Text)],
                [.. nodes.OfType<InvocationExpressionSyntax>().Select(GetCalledMember).OfType<string>()]);
        }

        private static IEnumerable<string> GetVisibleNamespaces(UsingDirectiveSyntax directive)
        {
            string name = directive.NamespaceOrType.ToString();
            return directive.StaticKeyword.RawKind == 0 ? [name] : [name, name[..Math.Max(0, name.LastIndexOf('.'))]];
        }

        private static bool IsExtension(MethodDeclarationSyntax method) => method.ParameterList.Parameters is [var first, ..] && first.Modifiers.Any(SyntaxKind.ThisKeyword);

        // A name behind a dot is a member, or a type that its qualifier already names.
        private static bool IsPossibleType(SimpleNameSyntax name) => !(name.Parent is MemberAccessExpressionSyntax access && access.Name == name);

        private static string? GetCalledMember(InvocationExpressionSyntax call) => call.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
            _ => null,
        };
    }
}
